import type { Chunk } from "@ratatosk/model";
import { Evaluation } from "../evaluation.ts";
import { type TimeRange, touchedBy } from "../plan/time-range.ts";
import type { QueryContext } from "../query-context.ts";
import type { Windows } from "../scan/job.ts";
import { type Series, seriesKey, type SeriesTaker } from "../series.ts";
import { type KeptResults, tooLarge } from "./kept-results.ts";
import { part, rangeOf, type Span, spansOf } from "./spans.ts";

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
  readonly compute: (windows: Windows, chunks: readonly Chunk[], take: SeriesTaker) => Promise<void>;
  /** Is told of all times that are going to be computed, before the first. */
  readonly expect: (ranges: readonly TimeRange[]) => void;
}

/** Results of this size are not put together out of parts, but made whole, which holds one series at a time. */
const mostJoinedBytes = 32 * 2 ** 20;

/** The series of a computation: spans over data that no longer changes are computed once and then kept. */
export async function keptRange(
  of: Computation,
  kept: KeptResults,
  context: QueryContext,
  take: SeriesTaker,
): Promise<void> {
  const spans = spansOf(of.windows, of.chunks, of.about, kept.spanNs);
  const results = spans.map(({ key }) => (key === undefined ? undefined : kept.get(key)));
  context.stats.spans += spans.length;
  const runs = results.includes(tooLarge) ? [whole(spans)] : runsOf(spans, results);
  const parts = runs.length > 1 ? await partsOf(runs, of, kept, context) : undefined;
  if (parts !== undefined) return joined(parts, new Evaluation(of.windows.count, context), take);
  if (runs.length === 1 && runs[0]!.kept !== undefined) {
    of.expect([]);
    return givenBack(runs[0]!, context, take);
  }
  const all = rangeOf(of.windows);
  of.expect([all]);
  return made(whole(spans), { ...of, chunks: chunksOf([all], of.chunks)[0]! }, kept, context, take);
}

const whole = (spans: readonly Span[]): Run => {
  const { from, count } = spans.at(-1)!;
  return { spans: [...spans], from: spans[0]!.from, count: from + count - spans[0]!.from, kept: undefined };
};

function runsOf(spans: readonly Span[], results: readonly (readonly Series[] | undefined)[]): Run[] {
  const runs: Run[] = [];
  for (const [i, span] of spans.entries()) {
    const kept = results[i];
    const last = runs.at(-1);
    if (last !== undefined && last.kept === undefined && kept === undefined) {
      last.spans.push(span);
      last.count += span.count;
    } else runs.push({ spans: [span], from: span.from, count: span.count, kept });
  }
  return runs;
}

function givenBack(run: Run, { stats }: QueryContext, take: SeriesTaker): void {
  stats.spansKept += run.spans.length;
  run.kept?.forEach(take);
}

/** Those that each range, which ascend, may have entries of. */
function chunksOf(ranges: readonly TimeRange[], chunks: readonly Chunk[]): Chunk[][] {
  const lists = ranges.map((): Chunk[] => []);
  for (const chunk of chunks) for (const i of touchedBy(chunk, ranges)) lists[i]!.push(chunk);
  return lists;
}

/** Computes a run over its chunks, and keeps what may be kept of it. */
async function made(
  run: Run,
  { windows, chunks, compute }: Computation,
  kept: KeptResults,
  context: QueryContext,
  take: SeriesTaker,
): Promise<void> {
  const results = run.spans.flatMap(({ key, from, count }) =>
    key === undefined ? [] : [{ result: kept.open(key), from: from - run.from, count }],
  );
  await compute(part(windows, run), chunks, (series) => {
    for (const { result, from, count } of results) result.add(series, from, count);
    take(series);
  });
  if (context.isComplete) for (const { result } of results) result.close();
}

interface Part {
  readonly from: number;
  readonly series: readonly Series[];
}

/** The series of each run; undefined once they are too much to be held at once. */
async function partsOf(
  runs: readonly Run[],
  of: Computation,
  kept: KeptResults,
  context: QueryContext,
): Promise<Part[] | undefined> {
  const parts: Part[] = [];
  const ranges = runs.filter((run) => run.kept === undefined).map((run) => rangeOf(part(of.windows, run)));
  of.expect(ranges);
  const read = chunksOf(ranges, of.chunks);
  for (const run of runs) {
    if (run.kept !== undefined) {
      const series: Series[] = [];
      givenBack(run, context, (one) => series.push(one));
      parts.push({ from: run.from, series });
      continue;
    }
    const evaluation = new Evaluation(run.count, context);
    const series: Series[] = [];
    const most = mostJoinedBytes / of.windows.count / 9;
    let seen = 0;
    const chunks = read.shift()!;
    await made(run, { ...of, chunks }, kept, context, (one) => ++seen <= most && series.push(evaluation.copy(one)));
    if (seen > most) return undefined;
    parts.push({ from: run.from, series });
  }
  return parts;
}

async function joined(parts: readonly Part[], evaluation: Evaluation, take: SeriesTaker): Promise<void> {
  const all = new Map<string, Series>();
  for (const { from, series } of parts)
    for (const { labels, values, present } of series) {
      const key = seriesKey(labels);
      let one = all.get(key);
      if (one === undefined) all.set(key, (one = evaluation.newSeries(labels)));
      one.values.set(values, from);
      one.present.set(present, from);
      await evaluation.pause();
    }
  for (const one of all.values()) take(one);
}
