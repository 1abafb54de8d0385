import {
  formatLabels,
  type EntryCategories,
  type Labels,
  type ResultEntry,
  type ResultStream,
  compareText,
} from "@ratatosk/model";
import { category, type SeriesLabels } from "@ratatosk/pipeline";
import { type CollectedLine, lineBytes, seriesOf } from "./lines-collector.ts";

/** The labels of a result stream, and what of them belongs to the entry instead. */
interface StreamKey {
  readonly key: string;
  readonly labels: Labels;
  readonly categories?: EntryCategories;
}

/** Puts lines into streams of equal labels, sorted by these. Categorised, only the stream's own labels count. */
export function groupStreams(lines: readonly CollectedLine[], categorized: boolean): ResultStream[] {
  const keys = new Map<SeriesLabels, StreamKey>();
  const streams = new Map<string, { labels: Labels; entries: ResultEntry[] }>();
  for (const line of lines) {
    const series = seriesOf(line);
    let stream = keys.get(series);
    if (stream === undefined) keys.set(series, (stream = categorized ? categorizedKey(series) : plainKey(series)));
    let result = streams.get(stream.key);
    if (result === undefined) streams.set(stream.key, (result = { labels: stream.labels, entries: [] }));
    const { categories } = stream;
    result.entries.push({ time: line.time, line: lineBytes(line), ...(categories && { categories }) });
  }
  return [...streams].sort(([a], [b]) => compareText(a, b)).map(([, stream]) => stream);
}

function plainKey({ labels }: SeriesLabels): StreamKey {
  const all = labels.map(({ name, value }) => [name, value] as const);
  return { key: formatLabels(all), labels: all };
}

function categorizedKey({ labels }: SeriesLabels): StreamKey {
  const of = (from: number): Labels =>
    labels.filter((label) => label.category === from).map(({ name, value }) => [name, value] as const);
  const own = of(category.stream);
  return {
    key: formatLabels(own),
    labels: own,
    categories: { structuredMetadata: of(category.metadata), parsed: of(category.parsed) },
  };
}
