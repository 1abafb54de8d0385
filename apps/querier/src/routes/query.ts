import {
  type HttpRequest,
  type HttpResponse,
  instantTime,
  isForward,
  positiveParam,
  queryResponse,
  type Route,
} from "@ratatosk/http";
import { type MetricExpr, parse } from "@ratatosk/logql";
import type { Answer } from "@ratatosk/engine";
import { emptyStats, RatatoskError } from "@ratatosk/model";
import { logged } from "../logged.ts";
import { admitQuery } from "../admit-query.ts";
import { rangeAggregations } from "../expressions.ts";
import { clampStart, type QueryLimits } from "../query-limits.ts";
import { type ReaderModules, readerOf } from "../reader.ts";

const needsRange =
  "log queries are not supported as an instant query type, please change your query to a range query type";

/** `GET|POST /loki/api/v1/query`: samples at one time. */
export function queryRoute(modules: ReaderModules): Route {
  return {
    methods: ["GET", "POST"],
    path: "/loki/api/v1/query",
    tenant: "many",
    form: true,
    errors: "text",
    handle: (request) => query(request, modules),
  };
}

async function query(request: HttpRequest, modules: ReaderModules): Promise<HttpResponse> {
  const text = request.query.get("query") ?? "";
  const now = modules.now();
  const time = instantTime(request.query, now);
  positiveParam(request.query, "limit", 100);
  isForward(request.query);
  const answer = await logged(modules.queryLog, { kind: "instant", query: text, request }, async () => {
    const expr = parse(text);
    if (expr.kind === "log") throw new RatatoskError("bad_request", needsRange);
    const reader = readerOf(modules, request);
    const terms = admitQuery({ text, expr, range: { start: time, end: time } }, reader, request);
    if (isTooOld(expr, time, now, reader.limits)) return nothingAt(time);
    return modules.engine.instant(expr, time, terms);
  });
  return queryResponse(answer);
}

/** Whether the query asks for lines older than may be looked at. */
function isTooOld(expr: MetricExpr, time: bigint, now: bigint, limits: QueryLimits): boolean {
  return rangeAggregations(expr).length > 0 && clampStart(time, time, now, limits) === undefined;
}

function nothingAt(time: bigint): Answer {
  return {
    result: { type: "vector", time: Number(time / 1_000_000n), samples: [] },
    stats: emptyStats(),
    warnings: [],
  };
}
