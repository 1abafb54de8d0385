import { BoundedCache } from "@ratatosk/bytes";
import { type Series, seriesKey } from "../series.ts";

/** One result may take no more than this share. */
const largestShare = 8;
const seriesBytes = 200;
const hourNs = 3_600_000_000_000;

/** Results of range aggregations by what they were made of, up to a number of bytes. */
export class KeptResults {
  readonly #series: BoundedCache<readonly Series[]>;
  readonly #largest: number;

  /** Nanoseconds of absolute time whose results lie together. */
  readonly spanNs: number;

  constructor(limitBytes: number, spanNs = hourNs) {
    this.spanNs = spanNs;
    this.#series = new BoundedCache(limitBytes);
    this.#largest = limitBytes / largestShare;
  }

  get(key: string): readonly Series[] | undefined {
    return this.#series.get(key);
  }

  set(key: string, series: readonly Series[]): void {
    const bytes = series.reduce(
      (sum, one) => sum + seriesBytes + 2 * seriesKey(one.labels).length + one.values.byteLength + one.present.length,
      key.length,
    );
    if (bytes <= this.#largest) this.#series.set(key, series, bytes);
  }
}
