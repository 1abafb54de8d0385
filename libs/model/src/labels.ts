import { quote } from "./quote.ts";

/** One label of a stream: its name and its value. */
export type Label = readonly [name: string, value: string];

/** The labels of a stream: sorted by name, no name twice, no empty value. */
export type Labels = readonly Label[];

/** Sorts by name and drops empty values; of a name given twice the last value counts. */
export function labelsFrom(pairs: Iterable<readonly [string, string]>): Labels {
  const byName = new Map<string, string>();
  for (const [name, value] of pairs) byName.set(name, value);
  return [...byName].filter(([, value]) => value !== "").sort(([a], [b]) => compareText(a, b));
}

/** The canonical text, which also identifies the stream: `{app="cart", env="qa"}`. */
export function formatLabels(labels: Labels): string {
  return `{${labels.map(([name, value]) => `${name}=${quote(value)}`).join(", ")}}`;
}

/** The value of a label, or undefined. */
export function labelValue(labels: Labels, name: string): string | undefined {
  for (const [key, value] of labels) if (key === name) return value;
  return undefined;
}

/** Orders two label sets field by field (name, value, name, value …); a prefix sorts first. */
export function compareLabels(a: Labels, b: Labels): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const [nameA, valueA] = a[i]!;
    const [nameB, valueB] = b[i]!;
    const order = compareText(nameA, nameB) || compareText(valueA, valueB);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Orders text by its UTF-8 bytes, as Go does; plain comparison orders surrogates apart from the rest. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;
