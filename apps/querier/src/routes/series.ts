import { type HttpRequest, type HttpResponse, type Route, seriesResponse } from "@ratatosk/http";
import { compareLabels, formatLabels, type Labels } from "@ratatosk/model";
import { type ReaderModules, readerOf } from "../reader.ts";
import { selectedRange } from "../selected-range.ts";
import { anySelectorOf } from "../selector-param.ts";

/** `series`: the label sets of the streams that any of the selectors selects. */
export function seriesRoutes(modules: ReaderModules): Route[] {
  const handle = (request: HttpRequest): Promise<HttpResponse> => series(request, modules);
  return ["/loki/api/v1/series", "/api/prom/series"].map((path) => ({
    methods: ["GET", "POST"],
    path,
    tenant: "many",
    form: true,
    errors: "text",
    handle,
  }));
}

async function series(request: HttpRequest, modules: ReaderModules): Promise<HttpResponse> {
  const { source, tenant, limits } = readerOf(modules, request);
  const range = selectedRange(request.query, modules.now(), limits);
  const texts = [...request.query.getAll("match"), ...request.query.getAll("match[]")];
  const selectors = (texts.length === 0 ? ["{}"] : texts).map(anySelectorOf);
  if (range === undefined) return seriesResponse([]);
  const lists = await Promise.all(
    selectors.map((matchers) => source.series({ tenant, matchers, ...range }, request.signal)),
  );
  const once = new Map<string, Labels>(lists.flat().map((labels) => [formatLabels(labels), labels]));
  return seriesResponse([...once.values()].sort(compareLabels));
}
