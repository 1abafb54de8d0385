import type { QueryEngine, QueryTerms } from "@ratatosk/engine";
import { parse } from "@ratatosk/logql";
import type { MatrixResult } from "@ratatosk/model";
import type { TrueCounts } from "./level-patterns.ts";
import { levelLabel, noLevel, type PatternSteps, stepTime } from "./pattern-steps.ts";

/** Counts all lines of a selector by level and step; only their times and levels are read. */
export async function countLines(
  selector: string,
  steps: PatternSteps,
  engine: QueryEngine,
  terms: QueryTerms,
): Promise<TrueCounts> {
  const { stepMs, count } = steps;
  const expr = parse(`sum by (${levelLabel}) (count_over_time(${selector} [${stepMs}ms]))`);
  if (expr.kind === "log") return () => 0;
  // The window of an evaluation ends with its time, a step ends just before the next.
  const start = stepTime(steps, 1) - 1n;
  const { result } = await engine.range(expr, { start, step: stepMs, count }, { ...terms, maxSeries: 0 });
  const startMs = Number(start / 1_000_000n);
  const byLevel = new Map<string, Float64Array>();
  for (const { labels, times, values } of (result as MatrixResult).series) {
    const counts = new Float64Array(count);
    for (const [i, time] of times.entries()) counts[Math.round((time - startMs) / stepMs)] = values[i]!;
    byLevel.set(labels[0]?.[1] ?? noLevel, counts);
  }
  return (level, step) => byLevel.get(level)?.[step] ?? 0;
}
