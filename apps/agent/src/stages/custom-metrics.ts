/** One series of a metric that a user defines. */
interface Series {
  readonly labels: string;
  value: number;
  /** Histograms: entries at most each bucket's bound, and the sum. */
  readonly buckets: number[];
  count: number;
  lastMs: number;
}

export interface CustomMetric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly bounds: readonly number[];
  readonly maxIdleMs: number;
}

/**
 * Metrics of `metrics` stages. Their label sets are whatever entries carry, so they are kept and written here; series that
 * have rested for long are forgotten when they are read.
 */
export class CustomMetrics {
  readonly #metrics = new Map<string, { metric: CustomMetric; series: Map<string, Series> }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  define(metric: CustomMetric): void {
    if (!this.#metrics.has(metric.name)) this.#metrics.set(metric.name, { metric, series: new Map() });
  }

  /** Changes the value of the series with these labels. */
  change(name: string, labels: string, by: (value: number) => number): void {
    const series = this.#series(name, labels);
    series.value = by(series.value);
  }

  /** Adds an observation to a histogram. */
  observe(name: string, labels: string, value: number): void {
    const series = this.#series(name, labels);
    const { bounds } = this.#metrics.get(name)!.metric;
    series.count += 1;
    series.value += value;
    for (const [i, bound] of bounds.entries()) if (value <= bound) series.buckets[i]! += 1;
  }

  /** Prometheus text. */
  text(): string {
    const rows: string[] = [];
    for (const { metric, series } of this.#metrics.values()) {
      const { name, help, type, maxIdleMs } = metric;
      for (const [key, one] of series) if (this.#now() - one.lastMs > maxIdleMs) series.delete(key);
      if (series.size === 0) continue;
      rows.push(`# HELP ${name} ${help.replace(/[\\\n]/g, " ")}`, `# TYPE ${name} ${type}`);
      for (const one of series.values()) rows.push(...seriesRows(metric, one));
    }
    return rows.length > 0 ? `${rows.join("\n")}\n` : "";
  }

  #series(name: string, labels: string): Series {
    const { metric, series } = this.#metrics.get(name)!;
    let found = series.get(labels);
    if (found === undefined) {
      found = { labels, value: 0, buckets: metric.bounds.map(() => 0), count: 0, lastMs: 0 };
      series.set(labels, found);
    }
    found.lastMs = this.#now();
    return found;
  }
}

function seriesRows({ name, type, bounds }: CustomMetric, { labels, value, buckets, count }: Series): string[] {
  const withLabels = (suffix: string, more = ""): string => {
    const all = [labels, more].filter((part) => part !== "").join(",");
    return `${name}${suffix}${all === "" ? "" : `{${all}}`}`;
  };
  if (type !== "histogram") return [`${withLabels("")} ${value}`];
  const rows = bounds.map((bound, i) => `${withLabels("_bucket", `le="${bound}"`)} ${buckets[i]}`);
  return [
    ...rows,
    `${withLabels("_bucket", 'le="+Inf"')} ${count}`,
    `${withLabels("_sum")} ${value}`,
    `${withLabels("_count")} ${count}`,
  ];
}
