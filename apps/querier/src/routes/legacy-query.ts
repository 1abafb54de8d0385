import {
  type HttpRequest,
  type HttpResponse,
  isForward,
  jsonResponse,
  positiveParam,
  type Route,
  statsJson,
  timeBounds,
} from "@ratatosk/http";
import { type LogExpr, parse, parseLogQuery, print } from "@ratatosk/logql";
import { quote, RatatoskError } from "@ratatosk/model";
import { legacyStream } from "../legacy-stream.ts";
import { admitQuery } from "../admit-query.ts";
import { logged } from "../logged.ts";
import { checkEntriesLimit, checkLength } from "../query-limits.ts";
import { type ReaderModules, readerOf } from "../reader.ts";

/** `/api/prom/query`, the range query of old clients: lines only, times as text. */
export function legacyQueryRoute(modules: ReaderModules): Route {
  return {
    methods: ["GET", "POST"],
    path: "/api/prom/query",
    tenant: "many",
    form: true,
    errors: "text",
    handle: (request) => legacyQuery(request, modules),
  };
}

async function legacyQuery(request: HttpRequest, modules: ReaderModules): Promise<HttpResponse> {
  const { query } = request;
  const text = query.get("query") ?? "";
  const { start, end } = timeBounds(query, modules.now());
  if (end < start) throw new RatatoskError("bad_request", "end timestamp must not be before or equal to start time");
  const limit = positiveParam(query, "limit", 100);
  const forward = isForward(query);
  const { result, stats } = await logged(modules.queryLog, { kind: "range", query: text, request }, async () => {
    const expr = withRegexp(parse(text), query.get("regexp") ?? "");
    const reader = readerOf(modules, request);
    const { limits } = reader;
    checkEntriesLimit(limit, limits);
    checkLength(start, end, limits);
    const terms = admitQuery({ text, expr, range: { start, end } }, reader, request);
    return modules.engine.lines({ expr, start, end, limit, forward, intervalNs: 0n, categorized: false }, terms);
  });
  const streams = result.type === "streams" ? result.streams.map(legacyStream) : [];
  return jsonResponse({ streams, stats: statsJson(stats) });
}

function withRegexp(expr: ReturnType<typeof parse>, regexp: string): LogExpr {
  if (expr.kind !== "log") throw new RatatoskError("bad_request", "legacy endpoints only support streams result type");
  if (regexp === "") return expr;
  return parseLogQuery(`${print(expr)} |~ ${quote(regexp)}`);
}
