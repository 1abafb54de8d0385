import { minimum } from "./statistics.ts";

/** The q-quantile with linear interpolation; NaN counts as the smallest value. `room` holds as many values, and is overwritten. */
export function quantile(q: number, values: Float64Array, room = new Float64Array(values.length)): number {
  if (values.length === 0 || Number.isNaN(q)) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const ordered = room.subarray(0, values.length);
  ordered.set(values);
  const nans = nansFirst(ordered);
  const rank = q * (ordered.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const weight = rank - Math.floor(rank);
  placeNth(ordered, Math.max(lower, nans), nans);
  const least = ordered[lower]!;
  if (lower === ordered.length - 1) return least * (1 - weight) + least * weight;
  const next = lower + 1 < nans ? NaN : minimum(ordered.subarray(Math.max(lower + 1, nans)));
  return least * (1 - weight) + next * weight;
}

/** Moves NaN to the front; how many there are. */
function nansFirst(values: Float64Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isNaN(value)) continue;
    values[i] = values[count]!;
    values[count++] = value;
  }
  return count;
}

const mostRounds = 64;
const smallest = 16;

/**
 * Puts the value at `nth` that would be there if the values from `first` on were sorted, smaller ones before it, larger
 * ones after it. Much faster than to sort them all; what takes too many rounds is sorted.
 */
function placeNth(values: Float64Array, nth: number, first: number): void {
  let [low, high] = [first, values.length - 1];
  for (let round = 0; high - low > smallest && round < mostRounds; round++) {
    const pivot = middleOf(values[low]!, values[(low + high) >>> 1]!, values[high]!);
    let [left, right] = [low, high];
    while (left <= right) {
      while (values[left]! < pivot) left++;
      while (values[right]! > pivot) right--;
      if (left > right) break;
      const value = values[left]!;
      values[left++] = values[right]!;
      values[right--] = value;
    }
    if (nth <= right) high = right;
    else if (nth >= left) low = left;
    else return;
  }
  values.subarray(low, high + 1).sort();
}

const middleOf = (a: number, b: number, c: number): number => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
