/** The mean as it runs; an infinite mean stays, whatever finite or equally infinite values follow. */
export function average(values: Float64Array): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (isInfinite(mean)) {
      if (isInfinite(value) && value > 0 === mean > 0) continue;
      if (Number.isFinite(value)) continue;
    }
    const count = i + 1;
    mean += value / count - mean / count;
  }
  return mean;
}

const isInfinite = (value: number): boolean => value === Infinity || value === -Infinity;

/** The smallest; NaN only if all are. */
export function minimum(values: Float64Array): number {
  let least = NaN;
  for (const value of values) if (value < least || Number.isNaN(least)) least = value;
  return least;
}

/** The largest; NaN only if all are. */
export function maximum(values: Float64Array): number {
  let most = NaN;
  for (const value of values) if (value > most || Number.isNaN(most)) most = value;
  return most;
}

/** The population variance, by Welford's method. */
export function variance(values: Float64Array): number {
  let [mean, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const distance = values[i]! - mean;
    mean += distance / (i + 1);
    squares += distance * (values[i]! - mean);
  }
  return squares / values.length;
}

/** The q-quantile with linear interpolation; NaN counts as the smallest value. */
export function quantile(q: number, values: Float64Array): number {
  if (values.length === 0 || Number.isNaN(q)) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const sorted = sortedNanFirst(values);
  const rank = q * (sorted.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return sorted[lower]! * (1 - weight) + sorted[upper]! * weight;
}

/** Ascending. Without a function that compares, sorting is native and several times faster, and puts NaN last. */
function sortedNanFirst(values: Float64Array): Float64Array {
  const sorted = values.toSorted();
  let numbers = sorted.length;
  while (numbers > 0 && Number.isNaN(sorted[numbers - 1])) numbers--;
  if (numbers === sorted.length) return sorted;
  sorted.copyWithin(sorted.length - numbers, 0, numbers);
  return sorted.fill(NaN, 0, sorted.length - numbers);
}
