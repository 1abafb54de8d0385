import type { RowLabel, SeriesLabels } from "@ratatosk/pipeline";

/**
 * The labels of many series in few buffers, which cost little to send. Those of series s end before number `labelEnds[s]`,
 * where those of the next one begin; the value of number n ends before byte `valueEnds[n]` of the text, likewise.
 */
export interface PackedLabels {
  readonly names: readonly string[];
  readonly labelEnds: Uint32Array;
  /** Of each label: position of its name × 4 + category. */
  readonly labels: Uint32Array;
  readonly valueEnds: Uint32Array;
  /** All values, in UTF-8. */
  readonly text: Uint8Array;
}

export function packLabels(series: readonly SeriesLabels[]): PackedLabels {
  const total = series.reduce((sum, { labels }) => sum + labels.length, 0);
  const [labelEnds, packed] = [new Uint32Array(series.length), new Uint32Array(total)];
  const names = new Map<string, number>();
  const values: string[] = [];
  for (const [at, { labels }] of series.entries()) {
    for (const { name, value, category } of labels) {
      let position = names.get(name);
      if (position === undefined) names.set(name, (position = names.size));
      packed[values.length] = position * 4 + category;
      values.push(value);
    }
    labelEnds[at] = values.length;
  }
  return { names: [...names.keys()], labelEnds, labels: packed, ...packTexts(values) };
}

function packTexts(values: readonly string[]): Pick<PackedLabels, "valueEnds" | "text"> {
  const whole = values.join("");
  const text = Buffer.from(new ArrayBuffer(Buffer.byteLength(whole)));
  const isAscii = text.length === whole.length;
  if (isAscii) text.write(whole, "latin1");
  const valueEnds = new Uint32Array(values.length);
  let end = 0;
  for (const [i, value] of values.entries()) valueEnds[i] = end += isAscii ? value.length : text.write(value, end);
  return { valueEnds, text: new Uint8Array(text.buffer, 0, end) };
}

/** Throws RangeError where the numbers do not agree. */
export function checkLabels({ names, labelEnds, labels, valueEnds, text }: PackedLabels): void {
  if ((labelEnds.at(-1) ?? 0) !== labels.length || labels.length !== valueEnds.length || !ascends(labelEnds))
    throw new RangeError("not as many labels as there are");
  if (labels.some((label) => label >>> 2 >= names.length)) throw new RangeError("a label without a name");
  if ((valueEnds.at(-1) ?? 0) !== text.length || !ascends(valueEnds)) throw new RangeError("values out of order");
}

const ascends = (ends: Uint32Array): boolean => ends.every((end, i) => i === 0 || end >= ends[i - 1]!);

/** Makes series' labels out of packed ones, as they are asked for. */
export class LabelsReader {
  readonly #packed: PackedLabels;
  readonly #text: Buffer;
  readonly #known: SeriesLabels[] = [];

  constructor(packed: PackedLabels) {
    this.#packed = packed;
    this.#text = Buffer.from(packed.text.buffer, packed.text.byteOffset, packed.text.byteLength);
  }

  /** The labels of a series: the same object each time. */
  at(series: number): SeriesLabels {
    return (this.#known[series] ??= { labels: this.#read(series) });
  }

  #read(series: number): RowLabel[] {
    const { names, labelEnds, labels: packed, valueEnds } = this.#packed;
    const labels: RowLabel[] = [];
    for (let n = series === 0 ? 0 : labelEnds[series - 1]!; n < labelEnds[series]!; n++) {
      const value = this.#text.toString("utf8", n === 0 ? 0 : valueEnds[n - 1]!, valueEnds[n]);
      labels.push({ name: names[packed[n]! >>> 2]!, value, category: packed[n]! & 3 });
    }
    return labels;
  }
}
