import { type HttpRequest, type HttpResponse, namesResponse, type Route } from "@ratatosk/http";
import { selectedRange } from "../selected-range.ts";
import { type ReaderModules, readerOf } from "../reader.ts";
import { selectorOf } from "../selector-param.ts";

const common = { methods: ["GET", "POST"], tenant: "many", form: true, errors: "text" } as const;

/** `labels`, its old name `label`, and `label/:name/values`: what the index knows of streams. */
export function labelRoutes(modules: ReaderModules): Route[] {
  const names = (request: HttpRequest): Promise<HttpResponse> => labelNames(request, modules);
  const values = (request: HttpRequest): Promise<HttpResponse> => labelValues(request, modules);
  return [
    { ...common, path: "/loki/api/v1/labels", handle: names },
    { ...common, path: "/loki/api/v1/label", handle: names },
    { ...common, path: "/api/prom/label", handle: names },
    { ...common, path: "/loki/api/v1/label/:name/values", handle: values },
    { ...common, path: "/api/prom/label/:name/values", handle: values },
  ];
}

async function labelNames(request: HttpRequest, modules: ReaderModules): Promise<HttpResponse> {
  const { source, tenant, limits } = readerOf(modules, request);
  const range = selectedRange(request.query, modules.now(), limits);
  const matchers = matchersOf(request.query);
  if (range === undefined) return namesResponse([]);
  return namesResponse(await source.labelNames({ tenant, matchers, ...range }, request.signal));
}

async function labelValues(request: HttpRequest, modules: ReaderModules): Promise<HttpResponse> {
  const { source, tenant, limits } = readerOf(modules, request);
  const range = selectedRange(request.query, modules.now(), limits);
  const matchers = matchersOf(request.query);
  if (range === undefined) return namesResponse([]);
  const name = request.variables["name"]!;
  return namesResponse(await source.labelValues(name, { tenant, matchers, ...range }, request.signal));
}

function matchersOf(query: URLSearchParams): ReturnType<typeof selectorOf> {
  const text = query.get("query");
  return text ? selectorOf(text) : [];
}
