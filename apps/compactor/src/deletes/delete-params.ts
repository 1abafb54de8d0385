import { parseTime } from "@ratatosk/http";
import { formatGoDuration, type LogExpr, parseLogQuery } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";

/** What a request to delete asks for. Times are milliseconds since 1970. */
export interface DeleteParams {
  readonly query: string;
  readonly startMs: number;
  readonly endMs: number;
}

const unitsMs = { s: 1000, m: 60_000, h: 3_600_000 } as const;
const refuse = (why: string): RatatoskError => new RatatoskError("bad_request", why);

/** Reads the parameters of a request. Throws bad_request with Loki's text. */
export function deleteParams(params: URLSearchParams, nowMs: number, maxIntervalMs: number): DeleteParams {
  const query = params.get("query") ?? "";
  if (query === "") throw refuse("query not set");
  const expr = logQuery(query);
  const start = params.get("start") ?? "";
  if (start === "") throw refuse("start time not set");
  const startMs = timeOf(start, "start");
  const end = params.get("end") ?? "";
  const endMs = end === "" ? nowMs : timeOf(end, "end");
  if (endMs > nowMs) throw refuse("deletes in the future are not allowed");
  if (startMs >= endMs) throw refuse("start time can't be greater than or equal to end time");
  if (expr.stages.length > 0) checkInterval(params.get("max_interval") ?? "", endMs - startMs, maxIntervalMs);
  return { query, startMs, endMs };
}

function logQuery(query: string): LogExpr {
  try {
    return parseLogQuery(query, { allowAll: true });
  } catch (error) {
    throw new RatatoskError("bad_request", "invalid query expression", { cause: error });
  }
}

/** Ten digits of seconds, or RFC 3339. */
function timeOf(text: string, what: "start" | "end"): number {
  try {
    if (/^\d{10}$/.test(text) || /^\d{4}-\d{2}-\d{2}T/.test(text)) return Number(parseTime(text) / 1_000_000n);
  } catch {
    // Told of below.
  }
  throw refuse(`invalid ${what} time: require unix seconds or RFC3339 format`);
}

/** How requests are cut into intervals is Loki's affair; what it refuses is refused. */
function checkInterval(text: string, lengthMs: number, mostMs: number): void {
  if (text === "") return;
  if (!/^(\d+(\.\d+)?[smh])+$/.test(text)) throw refuse("invalid max_interval: valid time units are 's', 'm', 'h'");
  let intervalMs = 0;
  for (const [, number, unit] of text.matchAll(/([\d.]+)([smh])/g))
    intervalMs += Number(number) * unitsMs[unit as keyof typeof unitsMs];
  if (intervalMs > mostMs) throw refuse(`max_interval can't be greater than ${formatGoDuration(mostMs * 1e6)}`);
  if (intervalMs > lengthMs)
    throw refuse(`max_interval can't be greater than the interval to be deleted (${formatGoDuration(lengthMs * 1e6)})`);
}
