import { positiveParam, timeBounds } from "@ratatosk/http";
import { type Expr, parse } from "@ratatosk/logql";
import { quote, RatatoskError } from "@ratatosk/model";

/** What a tail is asked for. */
export interface TailParams {
  readonly expr: Expr;
  /** Of the history, unix nanoseconds: from when. */
  readonly start: bigint;
  /** Of the history: how many lines. */
  readonly limit: number;
  /** How long new entries are held back, so that late ones find their place. */
  readonly delayMs: number;
}

const mostDelaySeconds = 5;

/** Reads the parameters. Throws bad_request with Loki's text. */
export function tailParams(query: URLSearchParams, now: bigint): TailParams {
  const expr = parse(query.get("query") ?? "");
  const limit = positiveParam(query, "limit", 100);
  const { start } = timeBounds(query, now);
  return { expr, start, limit, delayMs: delaySeconds(query) * 1000 };
}

function delaySeconds(query: URLSearchParams): number {
  const text = query.get("delay_for") || "0";
  if (!/^[+-]?\d+$/.test(text))
    throw new RatatoskError("bad_request", `strconv.Atoi: parsing ${quote(text)}: invalid syntax`);
  const seconds = Number(text);
  if (seconds > mostDelaySeconds)
    throw new RatatoskError("bad_request", `delay_for can't be greater than ${mostDelaySeconds}`);
  return Math.max(0, seconds);
}
