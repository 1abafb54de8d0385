/** One sample of a process's metrics. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleLine = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+([^\s#]+)/;

/** The samples of a page in Prometheus' text format; what cannot be read is left out. */
export function parseMetrics(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split("\n")) {
    const match = line.startsWith("#") ? null : sampleLine.exec(line);
    if (match === null) continue;
    const value = Number(match[3]!.replace("+Inf", "Infinity").replace("-Inf", "-Infinity"));
    if (!Number.isNaN(value)) samples.push({ name: match[1]!, labels: labelsOf(match[2] ?? ""), value });
  }
  return samples;
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g))
    labels[name!] = value!.replaceAll(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char));
  return labels;
}

/** The sum of all samples of a name, or undefined where there is none. */
export function sumOf(samples: readonly Sample[], name: string): number | undefined {
  const found = samples.filter((sample) => sample.name === name);
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
}

/** The largest sample of a name, or undefined where there is none: the latest of moments. */
export function maxOf(samples: readonly Sample[], name: string): number | undefined {
  const values = samples.filter((sample) => sample.name === name).map(({ value }) => value);
  return values.length === 0 ? undefined : Math.max(...values);
}

/** Samples of a name, added up by some of their labels, the largest first. */
export function sumBy(
  samples: readonly Sample[],
  name: string,
  by: readonly string[],
): { key: readonly string[]; value: number }[] {
  const sums = new Map<string, number>();
  for (const sample of samples) {
    if (sample.name !== name) continue;
    const key = by.map((label) => sample.labels[label] ?? "").join("\u0000");
    sums.set(key, (sums.get(key) ?? 0) + sample.value);
  }
  return [...sums].map(([key, value]) => ({ key: key.split("\u0000"), value })).sort((a, b) => b.value - a.value);
}
