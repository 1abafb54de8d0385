import {
  durationParam,
  type HttpRequest,
  type HttpResponse,
  isForward,
  positiveParam,
  queryResponse,
  type Route,
  timeBounds,
} from "@ratatosk/http";
import { type LogExpr, type MetricExpr, parse } from "@ratatosk/logql";
import type { Answer } from "@ratatosk/engine";
import { emptyStats, RatatoskError } from "@ratatosk/model";
import { encodingFlags } from "../encoding-flags.ts";
import { rangeAggregations } from "../expressions.ts";
import { checkEntriesLimit, checkLength, clampStart } from "../query-limits.ts";
import { admitQuery } from "../admit-query.ts";
import { logged } from "../logged.ts";
import { type Reader, type ReaderModules, readerOf } from "../reader.ts";
import { stepParam, stepsOf } from "../steps.ts";

/** The parameters of a range query. */
interface RangeParams {
  readonly start: bigint;
  readonly end: bigint;
  readonly limit: number;
  readonly forward: boolean;
  readonly step: number;
  readonly intervalMs: number;
}

/** `GET|POST /loki/api/v1/query_range`: lines, or samples over time. */
export function queryRangeRoute(modules: ReaderModules): Route {
  return {
    methods: ["GET", "POST"],
    path: "/loki/api/v1/query_range",
    tenant: "many",
    form: true,
    errors: "text",
    handle: (request) => queryRange(request, modules),
  };
}

async function queryRange(request: HttpRequest, modules: ReaderModules): Promise<HttpResponse> {
  const text = request.query.get("query") ?? "";
  const now = modules.now();
  const params = rangeParams(request.query, now);
  const flags = encodingFlags(request.headers);
  const answer = await logged(modules.queryLog, { kind: "range", query: text, request }, async () => {
    const expr = parse(text);
    const reader = readerOf(modules, request);
    if (expr.kind === "log") checkEntriesLimit(params.limit, reader.limits);
    checkLength(params.start, params.end, reader.limits);
    const start = clampStart(params.start, params.end, now, reader.limits);
    const clamped = { ...params, start: start ?? params.end };
    const terms = admitQuery({ text, expr, range: clamped }, reader, request);
    if (start === undefined) return nothing(expr.kind === "log");
    return expr.kind === "log"
      ? lines(expr, clamped, flags.includes("categorize-labels"), { ...reader, terms }, modules)
      : samples(expr, clamped, { ...reader, terms }, modules);
  });
  return queryResponse({ ...answer, encodingFlags: flags });
}

function rangeParams(query: URLSearchParams, now: bigint): RangeParams {
  const { start, end } = timeBounds(query, now);
  if (end < start) throw new RatatoskError("bad_request", "end timestamp must not be before or equal to start time");
  const limit = positiveParam(query, "limit", 100);
  const forward = isForward(query);
  const step = stepParam(query, { start, end });
  const intervalMs = durationParam(query, "interval") ?? 0;
  if (intervalMs < 0) throw new RatatoskError("bad_request", "interval must be >= 0");
  return { start, end, limit, forward, step, intervalMs };
}

function lines(
  expr: LogExpr,
  { start, end, limit, forward, intervalMs }: RangeParams,
  categorized: boolean,
  { terms }: Reader,
  { engine }: ReaderModules,
): Promise<Answer> {
  const intervalNs = BigInt(Math.round(intervalMs * 1e6));
  return engine.lines({ expr, start, end, limit, forward, intervalNs, categorized }, terms);
}

function samples(
  expr: MetricExpr,
  { start, end, step }: RangeParams,
  { terms, limits }: Reader,
  { engine }: ReaderModules,
): Promise<Answer> {
  const aligned = limits.split_queries_by_interval > 0 && rangeAggregations(expr).length > 0;
  return engine.range(expr, stepsOf({ start, end }, step, aligned), terms);
}

function nothing(isLog: boolean): Answer {
  return {
    result: isLog ? { type: "streams", streams: [] } : { type: "matrix", series: [] },
    stats: emptyStats(),
    warnings: [],
  };
}
