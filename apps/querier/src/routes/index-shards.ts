import { parseBytes } from "@ratatosk/config";
import { type HttpRequest, type HttpResponse, JsonWriter, type Route } from "@ratatosk/http";
import { quote, RatatoskError } from "@ratatosk/model";
import { type ReaderModules, readerOf } from "../reader.ts";
import { selectedRange } from "../selected-range.ts";
import { selectionStats } from "../selection-stats.ts";
import { selectorOf } from "../selector-param.ts";

const everyFingerprint = '{"min":0,"max":18446744073709551615}';

/**
 * `index/shards`: into which parts a query may be cut. There is one, all of it: queries are cut into jobs inside, by
 * chunks.
 */
export function indexShardsRoute(modules: ReaderModules): Route {
  return {
    methods: ["GET", "POST"],
    path: "/loki/api/v1/index/shards",
    tenant: "many",
    form: true,
    errors: "text",
    handle: (request) => indexShards(request, modules),
  };
}

async function indexShards(request: HttpRequest, modules: ReaderModules): Promise<HttpResponse> {
  const matchers = selectorOf(request.query.get("query") ?? "");
  const { source, tenant, limits } = readerOf(modules, request);
  checkTarget(request.query.get("targetBytesPerShard"));
  const range = selectedRange(request.query, modules.now(), limits);
  const stats = await selectionStats({ source, tenant, matchers, range, signal: request.signal });
  const out = new JsonWriter().raw(`{"shards":[{"bounds":${everyFingerprint},"stats":${JSON.stringify(stats)}}]`);
  const body = out.raw(',"statistics":{},"chunkGroups":[]}\n').finish();
  return { status: 200, headers: { "Content-Type": "application/json; charset=UTF-8" }, body };
}

/** Bytes, or a size such as `600MB`. */
function checkTarget(text: string | null): void {
  if (text === null || text === "") return;
  const negative = text.startsWith("-");
  const bytes = parseBytes(negative ? text.slice(1) : text);
  if (bytes === undefined)
    throw new RatatoskError("bad_request", `strconv.ParseUint: parsing ${quote(text)}: invalid syntax`);
  if (bytes === 0 || negative) throw new RatatoskError("bad_request", "targetBytesPerShard must be a positive value");
}
