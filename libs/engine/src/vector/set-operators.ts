import type { Matching, SetOp } from "@ratatosk/logql";
import type { Evaluation } from "../evaluation.ts";
import { isEmpty, type Series, seriesKey } from "../series.ts";
import { matchingKey } from "./matching-key.ts";

/** `and`, `or`, `unless`: which series stay depends on whether the other side has a matching one at that step. */
export async function setOperation(
  op: SetOp,
  matching: Matching | undefined,
  left: readonly Series[],
  right: readonly Series[],
  evaluation: Evaluation,
): Promise<Series[]> {
  const others = await presence(op === "or" ? left : right, matching, evaluation);
  switch (op) {
    case "and":
      return masked(left, others, matching, evaluation, true);
    case "unless":
      return masked(left, others, matching, evaluation, false);
    case "or":
      return union(left, await masked(right, others, matching, evaluation, false), evaluation);
  }
}

/** The steps at which a matching key has a series. */
type Presence = ReadonlyMap<string, Uint8Array>;

async function presence(
  series: readonly Series[],
  matching: Matching | undefined,
  evaluation: Evaluation,
): Promise<Presence> {
  const { count } = evaluation;
  const steps = new Map<string, Uint8Array>();
  for (const { labels, present } of series) {
    const key = matchingKey(labels, matching);
    let own = steps.get(key);
    if (own === undefined) steps.set(key, (own = new Uint8Array(count)));
    for (let k = 0; k < count; k++) own[k]! |= present[k]!;
    await evaluation.pause();
  }
  return steps;
}

async function masked(
  series: readonly Series[],
  others: Presence,
  matching: Matching | undefined,
  evaluation: Evaluation,
  wanted: boolean,
): Promise<Series[]> {
  const results: Series[] = [];
  for (const { labels, values, present } of series) {
    const other = others.get(matchingKey(labels, matching));
    const result = evaluation.newSeries(labels);
    for (let k = 0; k < evaluation.count; k++) {
      if (present[k] === 0 || ((other?.[k] ?? 0) === 1) !== wanted) continue;
      result.present[k] = 1;
      result.values[k] = values[k]!;
    }
    if (!isEmpty(result)) results.push(result);
    await evaluation.pause();
  }
  return results;
}

/** Series of both sides; where they have the same labels, the left one's samples count. */
async function union(left: readonly Series[], right: readonly Series[], evaluation: Evaluation): Promise<Series[]> {
  const byKey = new Map<string, Series>();
  for (const series of [...left, ...right]) {
    const key = seriesKey(series.labels);
    const known = byKey.get(key);
    if (known === undefined) {
      byKey.set(key, evaluation.copy(series));
      continue;
    }
    for (let k = 0; k < evaluation.count; k++) {
      if (known.present[k] === 1 || series.present[k] === 0) continue;
      known.present[k] = 1;
      known.values[k] = series.values[k]!;
    }
    await evaluation.pause();
  }
  return [...byKey.values()];
}
