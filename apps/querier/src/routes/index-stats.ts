import { type HttpRequest, type HttpResponse, jsonResponse, type Route } from "@ratatosk/http";
import { type ReaderModules, readerOf } from "../reader.ts";
import { selectedRange } from "../selected-range.ts";
import { selectionStats } from "../selection-stats.ts";
import { selectorOf } from "../selector-param.ts";

/** `index/stats`: how much a selection holds, from the index alone. */
export function indexStatsRoute(modules: ReaderModules): Route {
  return {
    methods: ["GET", "POST"],
    path: "/loki/api/v1/index/stats",
    tenant: "many",
    form: true,
    errors: "text",
    handle: (request) => indexStats(request, modules),
  };
}

async function indexStats(request: HttpRequest, modules: ReaderModules): Promise<HttpResponse> {
  const { source, tenant, limits } = readerOf(modules, request);
  const matchers = selectorOf(request.query.get("query") ?? "");
  const range = selectedRange(request.query, modules.now(), limits);
  return jsonResponse(await selectionStats({ source, tenant, matchers, range, signal: request.signal }));
}
