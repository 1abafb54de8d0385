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
