import type { RangeAggregation } from "@ratatosk/logql";
import { type Labels, labelsFrom } from "@ratatosk/model";
import { newSeries, type Series } from "../series.ts";

/** 1 at every step at which no series has a sample. */
export function absentSeries(
  { log: { matchers } }: RangeAggregation,
  count: number,
  present: readonly Series[],
): Series[] {
  const series = newSeries(absentLabels(matchers), count);
  for (let k = 0; k < count; k++) {
    if (present.some((other) => other.present[k] === 1)) continue;
    series.present[k] = 1;
    series.values[k] = 1;
  }
  return [series];
}

/** The labels that the selector fixes with `=`, each named by one matcher only. */
function absentLabels(matchers: RangeAggregation["log"]["matchers"]): Labels {
  const fixed = matchers.filter(
    ({ name, op }) => op === "=" && matchers.filter((other) => other.name === name).length === 1,
  );
  return labelsFrom(fixed.map(({ name, value }) => [name, value] as const));
}
