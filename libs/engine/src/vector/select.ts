import type { VectorAggregation } from "@ratatosk/logql";
import type { Evaluation } from "../evaluation.ts";
import type { Series } from "../series.ts";
import { groups } from "./groups.ts";

/** topk, bottomk: at each step the k series of each group with the largest (smallest) values; NaN goes first. */
export async function selectSeries(
  { op, param, grouping }: VectorAggregation,
  input: readonly Series[],
  evaluation: Evaluation,
): Promise<Series[]> {
  const better = op === "bottomk" ? smaller : larger;
  const selected: Series[] = [];
  for (const { members } of await groups(input, grouping, evaluation))
    selected.push(...(await selectFrom(members, param!, better, evaluation)));
  return selected;
}

type Order = (a: number, b: number) => number;
const larger: Order = (a, b) => nanLast(a, b) ?? b - a;
const smaller: Order = (a, b) => nanLast(a, b) ?? a - b;

/** Where one of two values is NaN, the other comes first. */
function nanLast(a: number, b: number): number | undefined {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  return Number.isNaN(b) ? -1 : undefined;
}

async function selectFrom(
  members: readonly Series[],
  k: number,
  better: Order,
  evaluation: Evaluation,
): Promise<Series[]> {
  const selected = new Map<Series, Series>();
  for (let step = 0; step < evaluation.count; step++) {
    const here = members.filter(({ present }) => present[step] === 1);
    here.sort((a, b) => better(a.values[step]!, b.values[step]!));
    for (const member of here.slice(0, k)) {
      let own = selected.get(member);
      if (own === undefined) selected.set(member, (own = evaluation.newSeries(member.labels)));
      own.present[step] = 1;
      own.values[step] = member.values[step]!;
    }
    await evaluation.pause();
  }
  return members.flatMap((member) => selected.get(member) ?? []);
}
