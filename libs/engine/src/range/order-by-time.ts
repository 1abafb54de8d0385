import type { Breather } from "./breather.ts";
import { mergeRuns } from "./merge-runs.ts";

/** A bucket with more is too much for an insertion sort. */
const mostInBucket = 64;
/** Times looked at between two looks at the clock. */
const stretch = 2 ** 16;

/** The positions of times in ascending order; those of one time stay in their order. */
export async function orderByTime(times: Float64Array, breather: Breather): Promise<Uint32Array> {
  return (await inBuckets(times, breather)) ?? mergeRuns(times, breather);
}

/**
 * Fast path: samples come about evenly, so that as many buckets as there are times, each for an equal part of the range,
 * hold one or two each. Undefined where they do not.
 */
async function inBuckets(times: Float64Array, breather: Breather): Promise<Uint32Array | undefined> {
  const count = times.length;
  const [first, last] = bounds(times);
  const scale = last > first ? (count - 1) / (last - first) : 0;
  const ends = new Uint32Array(count + 1);
  const order = new Uint32Array(count);
  const passes = [
    (i: number): unknown => ends[Math.floor((times[i]! - first) * scale) + 1]!++,
    (i: number): unknown => (ends[i + 1]! += ends[i]!),
    (i: number): unknown => (order[ends[Math.floor((times[i]! - first) * scale)]!++] = i),
    (i: number): unknown => insert(order, times, i),
  ];
  for (const [i, pass] of passes.entries()) {
    if (i === 1 && ends.some((inBucket) => inBucket > mostInBucket)) return undefined;
    await everywhere(count, pass, breather);
  }
  return order;
}

async function everywhere(count: number, step: (i: number) => unknown, breather: Breather): Promise<void> {
  for (let from = 0; from < count; from += stretch) {
    const to = Math.min(count, from + stretch);
    for (let i = from; i < to; i++) step(i);
    if (breather.isDue) await breather.rest();
  }
}

/** A step of an insertion sort: what is before it is sorted. */
function insert(order: Uint32Array, times: Float64Array, i: number): void {
  const position = order[i]!;
  const time = times[position]!;
  let at = i;
  for (; at > 0 && times[order[at - 1]!]! > time; at--) order[at] = order[at - 1]!;
  order[at] = position;
}

function bounds(times: Float64Array): [first: number, last: number] {
  let [first, last] = [Infinity, -Infinity];
  for (let i = 0; i < times.length; i++) {
    if (times[i]! < first) first = times[i]!;
    if (times[i]! > last) last = times[i]!;
  }
  return [first, last];
}
