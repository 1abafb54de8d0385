import type { Grouping } from "@ratatosk/logql";
import type { Labels } from "@ratatosk/model";
import type { Evaluation } from "../evaluation.ts";
import { type Series, seriesKey } from "../series.ts";

interface Group {
  readonly labels: Labels;
  readonly members: Series[];
}

/** Series by the labels of their group. */
export async function groups(
  input: readonly Series[],
  grouping: Grouping | undefined,
  evaluation: Evaluation,
): Promise<Group[]> {
  const byKey = new Map<string, Group>();
  for (const series of input) {
    const labels = groupLabels(series.labels, grouping);
    const key = seriesKey(labels);
    const known = byKey.get(key);
    if (known) known.members.push(series);
    else byKey.set(key, { labels, members: [series] });
    if (evaluation.breather.isDue) await evaluation.breather.rest();
  }
  return [...byKey.values()];
}

/** The labels of the group to which a series belongs. */
function groupLabels(labels: Labels, grouping: Grouping | undefined): Labels {
  if (grouping === undefined) return [];
  const listed = grouping.labels;
  return labels.filter(([name]) => listed.includes(name) !== grouping.without);
}
