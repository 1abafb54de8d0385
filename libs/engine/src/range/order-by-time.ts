/** A bucket with more is too much for an insertion sort. */
const mostInBucket = 64;

/** The positions of times in ascending order; those of one time stay in their order. */
export function orderByTime(times: Float64Array): Uint32Array {
  return inBuckets(times) ?? Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
}

/**
 * Fast path: samples come about evenly, so that as many buckets as there are times, each for an equal part of the range,
 * hold one or two each. Undefined where they do not.
 */
function inBuckets(times: Float64Array): Uint32Array | undefined {
  const count = times.length;
  const [first, last] = bounds(times);
  const scale = last > first ? (count - 1) / (last - first) : 0;
  const ends = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) ends[Math.floor((times[i]! - first) * scale) + 1]!++;
  for (let bucket = 1; bucket <= count; bucket++) {
    if (ends[bucket]! > mostInBucket) return undefined;
    ends[bucket]! += ends[bucket - 1]!;
  }
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[ends[Math.floor((times[i]! - first) * scale)]!++] = i;
  insertionSort(order, times);
  return order;
}

function insertionSort(order: Uint32Array, times: Float64Array): void {
  for (let i = 1; i < order.length; i++) {
    const position = order[i]!;
    const time = times[position]!;
    let at = i;
    for (; at > 0 && times[order[at - 1]!]! > time; at--) order[at] = order[at - 1]!;
    order[at] = position;
  }
}

function bounds(times: Float64Array): [first: number, last: number] {
  let [first, last] = [Infinity, -Infinity];
  for (let i = 0; i < times.length; i++) {
    if (times[i]! < first) first = times[i]!;
    if (times[i]! > last) last = times[i]!;
  }
  return [first, last];
}
