import type { Matching, SetOp } from "@ratatosk/logql";
import { isEmpty, newSeries, type Series, seriesKey } from "../series.ts";
import { matchingKey } from "./matching-key.ts";

/** `and`, `or`, `unless`: which series stay depends on whether the other side has a matching one at that step. */
export function setOperation(
  op: SetOp,
  matching: Matching | undefined,
  left: readonly Series[],
  right: readonly Series[],
  count: number,
): Series[] {
  switch (op) {
    case "and":
      return masked(left, presence(right, matching, count), matching, count, true);
    case "unless":
      return masked(left, presence(right, matching, count), matching, count, false);
    case "or":
      return union(left, masked(right, presence(left, matching, count), matching, count, false), count);
  }
}

/** The steps at which a matching key has a series. */
type Presence = ReadonlyMap<string, Uint8Array>;

function presence(series: readonly Series[], matching: Matching | undefined, count: number): Presence {
  const steps = new Map<string, Uint8Array>();
  for (const { labels, present } of series) {
    const key = matchingKey(labels, matching);
    let own = steps.get(key);
    if (own === undefined) steps.set(key, (own = new Uint8Array(count)));
    for (let k = 0; k < count; k++) own[k]! |= present[k]!;
  }
  return steps;
}

function masked(
  series: readonly Series[],
  others: Presence,
  matching: Matching | undefined,
  count: number,
  wanted: boolean,
): Series[] {
  const results = series.map(({ labels, values, present }) => {
    const other = others.get(matchingKey(labels, matching));
    const result = newSeries(labels, count);
    for (let k = 0; k < count; k++) {
      if (present[k] === 0 || ((other?.[k] ?? 0) === 1) !== wanted) continue;
      result.present[k] = 1;
      result.values[k] = values[k]!;
    }
    return result;
  });
  return results.filter((result) => !isEmpty(result));
}

/** Series of both sides; where they have the same labels, the left one's samples count. */
function union(left: readonly Series[], right: readonly Series[], count: number): Series[] {
  const byKey = new Map<string, Series>();
  for (const series of [...left, ...right]) {
    const key = seriesKey(series.labels);
    const known = byKey.get(key);
    if (known === undefined) {
      byKey.set(key, { labels: series.labels, values: series.values.slice(), present: series.present.slice() });
      continue;
    }
    for (let k = 0; k < count; k++) {
      if (known.present[k] === 1 || series.present[k] === 0) continue;
      known.present[k] = 1;
      known.values[k] = series.values[k]!;
    }
  }
  return [...byKey.values()];
}
