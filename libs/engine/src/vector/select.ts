import type { VectorAggregation } from "@ratatosk/logql";
import { isEmpty, newSeries, type Series } from "../series.ts";
import { groups } from "./groups.ts";

/** topk, bottomk: at each step the k series of each group with the largest (smallest) values; NaN goes first. */
export function selectSeries(
  { op, param, grouping }: VectorAggregation,
  input: readonly Series[],
  count: number,
): Series[] {
  const better = op === "bottomk" ? smaller : larger;
  return groups(input, grouping).flatMap(({ members }) => selectFrom(members, param!, better, count));
}

type Order = (a: number, b: number) => number;
const larger: Order = (a, b) => nanLast(a, b) ?? b - a;
const smaller: Order = (a, b) => nanLast(a, b) ?? a - b;

/** Where one of two values is NaN, the other comes first. */
function nanLast(a: number, b: number): number | undefined {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  return Number.isNaN(b) ? -1 : undefined;
}

function selectFrom(members: readonly Series[], k: number, better: Order, count: number): Series[] {
  const selected = members.map(({ labels }) => newSeries(labels, count));
  for (let step = 0; step < count; step++) {
    const here = members.flatMap(({ present }, i) => (present[step] === 1 ? [i] : []));
    here.sort((a, b) => better(members[a]!.values[step]!, members[b]!.values[step]!));
    for (const i of here.slice(0, k)) {
      selected[i]!.present[step] = 1;
      selected[i]!.values[step] = members[i]!.values[step]!;
    }
  }
  return selected.filter((series) => !isEmpty(series));
}
