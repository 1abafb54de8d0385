import type { Chunk } from "@ratatosk/model";
import { Evaluation } from "../evaluation.ts";
import type { TimeRange } from "../plan/pieces.ts";
import type { QueryContext } from "../query-context.ts";
import type { Windows } from "../scan/job.ts";
import { type Series, seriesKey } from "../series.ts";
import type { KeptResults } from "./kept-results.ts";
import { part, rangeOf, type Span, spansOf, touchedBy } from "./spans.ts";

/** Spans that lie together: their result is kept, or has to be made. */
interface Run {
  readonly spans: Span[];
  readonly from: number;
  count: number;
  readonly kept: readonly Series[] | undefined;
}

/** A computation over windows and the chunks that they read. */
export interface Computation {
  readonly windows: Windows;
  readonly chunks: readonly Chunk[];
  /** Tells it apart from other computations. */
  readonly about: string;
  readonly compute: (windows: Windows, chunks: readonly Chunk[]) => Promise<Series[]>;
  /** Is told of all times that are going to be computed, before the first. */
  readonly expect: (ranges: readonly TimeRange[]) => void;
}

/** The series of a computation: spans over data that no longer changes are computed once and then kept. */
export async function keptRange(of: Computation, kept: KeptResults, context: QueryContext): Promise<Series[]> {
  const { windows, chunks, compute } = of;
  const runs = runsOf(spansOf(windows, chunks, of.about, kept.spanNs), kept);
  const ranges = runs.filter((run) => run.kept === undefined).map((run) => rangeOf(part(windows, run)));
  of.expect(ranges);
  const read = chunksOf(ranges, chunks);
  const parts: { readonly from: number; readonly series: readonly Series[] }[] = [];
  for (const run of runs) {
    context.stats.spans += run.spans.length;
    if (run.kept !== undefined) {
      context.stats.spansKept += run.spans.length;
      parts.push({ from: run.from, series: run.kept });
      continue;
    }
    const series = await compute(part(windows, run), read.shift()!);
    parts.push({ from: run.from, series });
    if (context.isComplete)
      for (const { key, from, count } of run.spans)
        if (key !== undefined) kept.set(key, cut(series, from - run.from, count));
  }
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return [...only.series];
  return joined(parts, new Evaluation(windows.count, context));
}

function runsOf(spans: readonly Span[], results: KeptResults): Run[] {
  const runs: Run[] = [];
  for (const span of spans) {
    const kept = span.key === undefined ? undefined : results.get(span.key);
    const last = runs.at(-1);
    if (last !== undefined && last.kept === undefined && kept === undefined) {
      last.spans.push(span);
      last.count += span.count;
    } else runs.push({ spans: [span], from: span.from, count: span.count, kept });
  }
  return runs;
}

/** Those that each range, which ascend, may have entries of. */
function chunksOf(ranges: readonly TimeRange[], chunks: readonly Chunk[]): Chunk[][] {
  const lists = ranges.map((): Chunk[] => []);
  for (const chunk of chunks) for (const i of touchedBy(chunk, ranges)) lists[i]!.push(chunk);
  return lists;
}

function cut(series: readonly Series[], from: number, count: number): Series[] {
  return series.flatMap(({ labels, values, present }) => {
    const own = present.slice(from, from + count);
    return own.includes(1) ? [{ labels, values: values.slice(from, from + count), present: own }] : [];
  });
}

async function joined(
  parts: readonly { readonly from: number; readonly series: readonly Series[] }[],
  evaluation: Evaluation,
): Promise<Series[]> {
  const all = new Map<string, Series>();
  for (const { from, series } of parts)
    for (const { labels, values, present } of series) {
      const key = seriesKey(labels);
      let whole = all.get(key);
      if (whole === undefined) all.set(key, (whole = evaluation.newSeries(labels)));
      whole.values.set(values, from);
      whole.present.set(present, from);
      await evaluation.pause();
    }
  return [...all.values()];
}
