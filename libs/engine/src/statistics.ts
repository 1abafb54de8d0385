/** The mean as it runs. */
export function average(values: Float64Array): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean = nextMean(mean, values[i]!, i + 1);
  return mean;
}

/** The mean with one value more, of `count` now; an infinite mean stays, whatever finite or equally infinite values follow. */
export function nextMean(mean: number, value: number, count: number): number {
  if (isInfinite(mean)) {
    if (isInfinite(value) && value > 0 === mean > 0) return mean;
    if (Number.isFinite(value)) return mean;
  }
  return mean + (value / count - mean / count);
}

const isInfinite = (value: number): boolean => value === Infinity || value === -Infinity;

/** The smallest; NaN only if all are. */
export function minimum(values: Float64Array): number {
  let least = NaN;
  for (let i = 0; i < values.length; i++) least = smaller(least, values[i]!);
  return least;
}

/** The largest; NaN only if all are. */
export function maximum(values: Float64Array): number {
  let most = NaN;
  for (let i = 0; i < values.length; i++) most = larger(most, values[i]!);
  return most;
}

/** Of two values the smaller, or larger; the other one where the first is NaN. */
export const smaller = (a: number, b: number): number => (b < a || Number.isNaN(a) ? b : a);
export const larger = (a: number, b: number): number => (b > a || Number.isNaN(a) ? b : a);

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
