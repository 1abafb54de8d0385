import type { LabelReplace } from "@ratatosk/logql";
import { type Labels, labelValue } from "@ratatosk/model";
import { compileRegex } from "@ratatosk/regex";
import type { Evaluation } from "../evaluation.ts";
import type { Series } from "../series.ts";
import { withLabel } from "../with-label.ts";

/** Sets a label to the expanded replacement where the whole value of another matches. */
export async function labelReplace(
  { target, replacement, source, regex: pattern }: LabelReplace,
  input: readonly Series[],
  evaluation: Evaluation,
): Promise<Series[]> {
  const regex = compileRegex(pattern, { anchored: true });
  const results: Series[] = [];
  for (const series of input) {
    results.push({ ...series, labels: replaced(series.labels) });
    await evaluation.pause();
  }
  return results;

  function replaced(labels: Labels): Labels {
    const value = labelValue(labels, source) ?? "";
    if (!regex.test(value)) return labels;
    return withLabel(labels, target, regex.replaceAll(value, replacement));
  }
}
