import type { LimitsSource } from "@ratatosk/config";
import type { QueryEngine } from "@ratatosk/engine";
import { parse } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import type { Evaluate } from "@ratatosk/ruler";

const nanosPerMs = 1_000_000n;

/** Answers the expressions of rules as an instant query of the rule's tenant would, within the same limits. */
export function ruleEvaluation(engine: QueryEngine, limits: LimitsSource): Evaluate {
  return async (tenant, text, timeMs, signal) => {
    const expr = parse(text);
    if (expr.kind === "log") throw new RatatoskError("bad_request", "rules need a metric query");
    const own = limits.forTenant(tenant);
    const { result } = await engine.instant(expr, BigInt(Math.round(timeMs)) * nanosPerMs, {
      tenant,
      signal,
      timeoutMs: own.query_timeout,
      maxSeries: own.max_query_series,
      maxChunks: own.max_chunks_per_query,
      maxStreams: own.cardinality_limit,
    });
    if (result.type === "scalar") return [{ labels: [], value: result.value }];
    return result.type === "vector" ? result.samples : [];
  };
}
