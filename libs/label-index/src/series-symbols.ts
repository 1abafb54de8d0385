import { ByteWriter } from "@ratatosk/bytes";
import { compareText, type Labels } from "@ratatosk/model";

/** The distinct texts of many series' labels, numbered in the order of their bytes, and the labels as such numbers. */
export interface SeriesSymbols {
  readonly texts: readonly string[];
  /** Where each series' labels begin in `names` and `values`, and where the last ones end. */
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly names: Uint32Array<ArrayBuffer>;
  readonly values: Uint32Array<ArrayBuffer>;
}

export function symbolsOf(series: readonly Labels[]): SeriesSymbols {
  const starts = new Uint32Array(series.length + 1);
  for (const [at, labels] of series.entries()) starts[at + 1] = starts[at]! + labels.length;
  const [names, values] = [new Uint32Array(starts.at(-1)!), new Uint32Array(starts.at(-1)!)];
  const seen = new Map<string, number>();
  const idOf = (text: string): number => {
    let id = seen.get(text);
    if (id === undefined) seen.set(text, (id = seen.size));
    return id;
  };
  let at = 0;
  for (const labels of series)
    for (const [name, value] of labels) {
      names[at] = idOf(name);
      values[at++] = idOf(value);
    }
  const texts = [...seen.keys()].sort(compareText);
  const ranks = new Uint32Array(texts.length);
  for (const [rank, text] of texts.entries()) ranks[seen.get(text)!] = rank;
  for (const ids of [names, values]) for (let i = 0; i < ids.length; i++) ids[i] = ranks[ids[i]!]!;
  return { texts, starts, names, values };
}

/** The texts one behind the other, and where each begins. */
export function encodeTexts(texts: readonly string[]): { bytes: Uint8Array; offsets: Uint32Array<ArrayBuffer> } {
  const out = new ByteWriter(texts.length * 24 + 16);
  const offsets = new Uint32Array(texts.length + 1);
  for (const [id, text] of texts.entries()) {
    out.raw(Buffer.from(text));
    offsets[id + 1] = out.length;
  }
  return { bytes: out.written(), offsets };
}
