import type { Row } from "@ratatosk/pipeline";

/** Grows a list of lines with their times and series. */
export class LineBuffer {
  count = 0;
  #times = new BigInt64Array(256);
  #series = new Uint32Array(256);
  #offsets = new Uint32Array(257);
  #lines = new Uint8Array(65_536);

  add(row: Row, series: number): void {
    const { count } = this;
    if (count === this.#times.length) this.#growRows();
    const start = this.#offsets[count]!;
    const end = start + row.end - row.start;
    if (end > this.#lines.length) this.#growLines(end);
    this.#lines.set(row.bytes.subarray(row.start, row.end), start);
    this.#times[count] = row.base + BigInt(row.delta);
    this.#series[count] = series;
    this.#offsets[count + 1] = end;
    this.count++;
  }

  finish(): { times: BigInt64Array; series: Uint32Array; lines: Uint8Array; offsets: Uint32Array } {
    const { count } = this;
    return {
      times: this.#times.slice(0, count),
      series: this.#series.slice(0, count),
      offsets: this.#offsets.slice(0, count + 1),
      lines: this.#lines.slice(0, this.#offsets[count]),
    };
  }

  #growRows(): void {
    const size = this.#times.length * 2;
    const [times, series, offsets] = [new BigInt64Array(size), new Uint32Array(size), new Uint32Array(size + 1)];
    times.set(this.#times);
    series.set(this.#series);
    offsets.set(this.#offsets);
    this.#times = times;
    this.#series = series;
    this.#offsets = offsets;
  }

  #growLines(atLeast: number): void {
    const lines = new Uint8Array(Math.max(atLeast, this.#lines.length * 2));
    lines.set(this.#lines);
    this.#lines = lines;
  }
}
