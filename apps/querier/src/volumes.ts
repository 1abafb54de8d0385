import { formatLabels, type Labels, RatatoskError } from "@ratatosk/model";

/** Bytes of one label set: in all, and in each bucket that has any. */
export interface VolumeSeries {
  readonly labels: Labels;
  readonly total: number;
  readonly points: readonly { readonly bucket: number; readonly bytes: number }[];
}

/** Adds up bytes by label set and bucket of time. */
export class Volumes {
  readonly #buckets: number;
  readonly #maxSeries: number;
  readonly #series = new Map<string, { labels: Labels; bytes: Float64Array }>();

  constructor(buckets: number, maxSeries: number) {
    this.#buckets = buckets;
    this.#maxSeries = maxSeries;
  }

  add(labels: Labels, bucket: number, bytes: number): void {
    const key = formatLabels(labels);
    let series = this.#series.get(key);
    if (series === undefined) {
      if (this.#maxSeries > 0 && this.#series.size >= this.#maxSeries)
        throw new RatatoskError(
          "bad_request",
          `the query hit the max number of series limit (limit: ${this.#maxSeries} series)`,
        );
      this.#series.set(key, (series = { labels, bytes: new Float64Array(this.#buckets) }));
    }
    series.bytes[bucket]! += bytes;
  }

  series(): VolumeSeries[] {
    return [...this.#series.values()].map(({ labels, bytes }) => {
      const points = Array.from(bytes, (amount, bucket) => ({ bucket, bytes: Math.round(amount) }));
      const filled = points.filter(({ bytes }) => bytes > 0);
      return { labels, total: filled.reduce((sum, { bytes }) => sum + bytes, 0), points: filled };
    });
  }
}
