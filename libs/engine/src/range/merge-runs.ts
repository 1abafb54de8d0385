import type { Breather } from "./breather.ts";

/** Times looked at between two looks at the clock. */
const stretch = 2 ** 16;

/** The positions of times in ascending order; those of one time stay in their order. Good for any times. */
export async function mergeRuns(times: Float64Array, breather: Breather): Promise<Uint32Array> {
  let runs = runsOf(times);
  let [order, spare] = [Uint32Array.from(times.keys()), new Uint32Array(times.length)];
  while (runs.length > 2) {
    const longer = [0];
    for (let run = 0; run + 1 < runs.length; run += 2) {
      const end = runs[run + 2] ?? runs[run + 1]!;
      await merge(times, order, spare, { from: runs[run]!, middle: runs[run + 1]!, to: end }, breather);
      longer.push(end);
    }
    runs = longer;
    [order, spare] = [spare, order];
  }
  return order;
}

/** Where runs of ascending times begin, and where the last one ends: samples come as many of them, one a block. */
function runsOf(times: Float64Array): number[] {
  const runs = [0];
  for (let i = 1; i < times.length; i++) if (times[i]! < times[i - 1]!) runs.push(i);
  runs.push(times.length);
  return runs;
}

/** Merges the runs before and after `middle`. */
async function merge(
  times: Float64Array,
  order: Uint32Array,
  merged: Uint32Array,
  { from, middle, to }: { readonly from: number; readonly middle: number; readonly to: number },
  breather: Breather,
): Promise<void> {
  let [left, right] = [from, middle];
  for (let at = from; at < to;) {
    const pause = Math.min(to, at + stretch);
    while (at < pause) {
      const takesLeft = right === to || (left < middle && times[order[left]!]! <= times[order[right]!]!);
      merged[at++] = order[takesLeft ? left++ : right++]!;
    }
    if (breather.isDue) await breather.rest();
  }
}
