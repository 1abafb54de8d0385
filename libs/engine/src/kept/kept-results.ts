import { BoundedCache } from "@ratatosk/bytes";
import { type Series, seriesKey } from "../series.ts";

/** One result may take no more than this share. */
const largestShare = 8;
const seriesBytes = 200;
const hourNs = 3_600_000_000_000;

/** In place of a result that takes too much. */
export const tooLarge: readonly Series[] = [];

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

  /** What is kept; `tooLarge` where the result is known to be. */
  get(key: string): readonly Series[] | undefined {
    return this.#series.get(key);
  }

  /** Begins a result. */
  open(key: string): KeptResult {
    return new KeptResult(key, this.#largest, (series, bytes) => this.#series.set(key, series, bytes));
  }
}

/** A result that grows series by series, as long as it is not too large. */
export class KeptResult {
  #series: Series[] = [];
  #bytes: number;
  readonly #largest: number;
  readonly #keep: (series: readonly Series[], bytes: number) => void;

  constructor(key: string, largest: number, keep: (series: readonly Series[], bytes: number) => void) {
    this.#bytes = key.length + seriesBytes;
    this.#largest = largest;
    this.#keep = keep;
  }

  /** Adds `count` steps of a series, from `from` on. */
  add(series: Series, from: number, count: number): void {
    if (this.#bytes > this.#largest) return;
    const first = series.present.indexOf(1, from);
    if (first === -1 || first >= from + count) return;
    const { labels, values, present } = series;
    this.#bytes += seriesBytes + 2 * seriesKey(labels).length + count * 9;
    if (this.#bytes > this.#largest) this.#series = [];
    else
      this.#series.push({
        labels,
        values: values.slice(from, from + count),
        present: present.slice(from, from + count),
      });
  }

  /** Keeps it. */
  close(): void {
    if (this.#bytes > this.#largest) this.#keep(tooLarge, seriesBytes);
    else this.#keep(this.#series, this.#bytes);
  }
}
