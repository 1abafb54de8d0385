import { asBytes } from "./sections.ts";
import type { SeriesSymbols } from "./series-symbols.ts";

type LabelSection =
  | "names"
  | "valueStarts"
  | "values"
  | "postingStarts"
  | "postingCounts"
  | "postings"
  | "seriesStarts"
  | "seriesPairs";

/** Pairs of a name and a value, in the order of the names, then of the values. */
interface Pairs {
  readonly names: Uint32Array<ArrayBuffer>;
  readonly values: Uint32Array<ArrayBuffer>;
  /** The pair of each label. */
  readonly ofLabels: Uint32Array<ArrayBuffer>;
}

/** Which values the names have, which series have them, and which labels a series has. */
export function labelSections(symbols: SeriesSymbols): Record<LabelSection, Uint8Array> {
  const pairs = pairsOf(symbols);
  const starts = pairs.names.reduce<number[]>((all, name, at) => {
    if (at === 0 || name !== pairs.names[at - 1]) all.push(at);
    return all;
  }, []);
  return {
    names: asBytes(Uint32Array.from(starts, (at) => pairs.names[at]!)),
    valueStarts: asBytes(Uint32Array.from([...starts, pairs.names.length])),
    values: asBytes(pairs.values),
    ...postingSections(pairs, symbols),
    seriesStarts: asBytes(symbols.starts),
    seriesPairs: asBytes(pairs.ofLabels),
  };
}

function pairsOf({ texts, names, values }: SeriesSymbols): Pairs {
  const keyOf = (at: number): number => names[at]! * texts.length + values[at]!;
  const ids = new Map<number, number>();
  for (let at = 0; at < names.length; at++) ids.set(keyOf(at), 0);
  const keys = Float64Array.from(ids.keys()).sort();
  for (const [id, key] of keys.entries()) ids.set(key, id);
  return {
    names: Uint32Array.from(keys, (key) => Math.floor(key / texts.length)),
    values: Uint32Array.from(keys, (key) => key % texts.length),
    ofLabels: names.map((_, at) => ids.get(keyOf(at))!),
  };
}

/** For each pair its series: ascending numbers, or a bit for each series where that is shorter. */
function postingSections(
  pairs: Pairs,
  { starts }: SeriesSymbols,
): Record<"postingStarts" | "postingCounts" | "postings", Uint8Array> {
  const series = starts.length - 1;
  const words = Math.ceil(series / 32);
  const counts = new Uint32Array(pairs.values.length);
  for (const pair of pairs.ofLabels) counts[pair]!++;
  const postingStarts = new Uint32Array(counts.length + 1);
  for (const [pair, count] of counts.entries()) postingStarts[pair + 1] = postingStarts[pair]! + Math.min(count, words);
  const postings = new Uint32Array(postingStarts.at(-1)!);
  const next = postingStarts.slice();
  for (let id = 0; id < series; id++)
    for (let at = starts[id]!; at < starts[id + 1]!; at++) {
      const pair = pairs.ofLabels[at]!;
      if (counts[pair]! <= words) postings[next[pair]!++] = id;
      else postings[postingStarts[pair]! + (id >>> 5)]! |= 1 << (id & 31);
    }
  return { postingStarts: asBytes(postingStarts), postingCounts: asBytes(counts), postings: asBytes(postings) };
}
