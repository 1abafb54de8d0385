/** A sample of a page of metrics. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads the text format of Prometheus; lines that are none are left out. */
export function parseSamples(text: string): Sample[] {
  return [...text.matchAll(/^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/gm)].map(
    ([, name, labels = "", value]) => ({
      name: name!,
      labels: Object.fromEntries(
        [...labels.matchAll(/([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, key, quoted]) => [key!, quoted!]),
      ),
      value: Number(value),
    }),
  );
}
