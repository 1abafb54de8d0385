/** Grows three columns: series, time, value. */
export class SampleBuffer {
  count = 0;
  #series = new Uint32Array(1024);
  #times = new Float64Array(1024);
  #values = new Float64Array(1024);

  add(series: number, time: number, value: number): void {
    if (this.count === this.#series.length) this.#grow();
    this.#series[this.count] = series;
    this.#times[this.count] = time;
    this.#values[this.count] = value;
    this.count++;
  }

  finish(): { series: Uint32Array; times: Float64Array; values: Float64Array } {
    return {
      series: this.#series.slice(0, this.count),
      times: this.#times.slice(0, this.count),
      values: this.#values.slice(0, this.count),
    };
  }

  #grow(): void {
    const size = this.count * 2;
    const [series, times, values] = [new Uint32Array(size), new Float64Array(size), new Float64Array(size)];
    series.set(this.#series);
    times.set(this.#times);
    values.set(this.#values);
    this.#series = series;
    this.#times = times;
    this.#values = values;
  }
}
