import { type HttpRequest, type HttpResponse, jsonResponse, type Route } from "@ratatosk/http";
import { type Chunk, shareWithin } from "@ratatosk/model";
import { type ReaderModules, readerOf } from "../reader.ts";
import { selectedRange } from "../selected-range.ts";
import { selectorOf } from "../selector-param.ts";

/** `index/stats`: how much a selection holds, from the index alone. Chunks that lie partly in the range count in part. */
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
  if (range === undefined) return jsonResponse({ streams: 0, chunks: 0, bytes: 0, entries: 0 });
  const { chunks } = await source.select({ tenant, matchers, ...range }, request.signal);
  const sum = (amount: (chunk: Chunk) => number): number =>
    Math.round(chunks.reduce((total, chunk) => total + amount(chunk) * shareWithin(chunk, range), 0));
  return jsonResponse({
    streams: new Set(chunks.map(({ stream }) => stream)).size,
    chunks: chunks.length,
    bytes: sum(({ bytes }) => bytes),
    entries: sum(({ entries }) => entries),
  });
}
