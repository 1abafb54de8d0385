import { type Grouping, print, type RangeAggregation } from "@ratatosk/logql";
import { addStats, type Chunk, type Labels, RatatoskError } from "@ratatosk/model";
import { keptRange } from "../kept/kept-range.ts";
import { rangeOf } from "../kept/spans.ts";
import { BlockSkip } from "../plan/block-skip.ts";
import { type ChunkGroup, chunkGroups } from "../plan/chunk-groups.ts";
import { inOrder } from "../plan/job-queue.ts";
import type { TimeRange } from "../plan/time-range.ts";
import { pipelineOf } from "../plan/plan-pipeline.ts";
import type { QueryContext } from "../query-context.ts";
import type { CountTask, SampleError, SamplesTask, SeriesTask, Windows } from "../scan/job.ts";
import type { SeriesTaker, Steps } from "../series.ts";
import { JobRunner } from "../share/job-runner.ts";
import { freeBuffers } from "../workers/message.ts";
import { Breather } from "./breather.ts";
import { CountMerger, plainLabels } from "./count-merger.ts";
import { PieceSource } from "./piece-source.ts";
import { pipelineError } from "./pipeline-error.ts";
import { rangeFunctions } from "./range-functions.ts";
import { SampleMerger } from "./sample-merger.ts";

/** How an enclosing aggregation wants the series: pushed down into the scan, as the result is the same. */
export interface PushDown {
  readonly grouping: Grouping;
}

/** Of the stored bytes of blocks times alone are a small part. */
const jobSizes = {
  lines: { bytes: 2 * 2 ** 20, wholeBytes: 2 * 2 ** 20, most: 256 },
  times: { bytes: 16 * 2 ** 20, wholeBytes: 2 * 2 ** 20, most: 256 },
};

/** Evaluates a range aggregation at every step, series by series. */
export async function rangeQuery(
  expr: RangeAggregation,
  steps: Steps,
  pushDown: PushDown | undefined,
  context: QueryContext,
  take: SeriesTaker,
): Promise<void> {
  const windows = windowsOf(expr, steps);
  const chunks = await chunksOf(expr, windows, context);
  const compute = async (own: Windows, read: readonly Chunk[], taker: SeriesTaker): Promise<void> => {
    const task = taskOf(expr, own, pushDown);
    const merger = await scanned(expr, task, read, context);
    if (merger.error !== undefined)
      throw new RatatoskError("bad_request", pipelineError(await errorLabels(expr, task, merger.error, context)));
    await rangeFunctions(expr, own, merger, new Breather(context.signal), taker);
    merger.release();
  };
  // At a single time hardly anything is asked twice.
  if (context.kept === undefined || steps.count === 1) return compute(windows, chunks, take);
  const about = JSON.stringify([context.tenant, print(expr), pushDown?.grouping]);
  const expect = (ranges: readonly TimeRange[]): void => context.readings.expect(expr, expr.log.matchers, ranges);
  return keptRange({ windows, chunks, about, compute, expect }, context.kept, context, take);
}

/** Says what a range aggregation is going to read. */
export function expectReading(expr: RangeAggregation, steps: Steps, { readings }: QueryContext): void {
  readings.expect(expr, expr.log.matchers, [rangeOf(windowsOf(expr, steps))]);
}

function chunksOf({ log }: RangeAggregation, windows: Windows, context: QueryContext): Promise<readonly Chunk[]> {
  const { start, end } = rangeOf(windows);
  return context.select(log.matchers, start, end);
}

/** The labels of the sample that fails the query. Its metadata is read now: a scan reads what series are made of. */
async function errorLabels(
  expr: RangeAggregation,
  task: CountTask | SamplesTask,
  error: SampleError,
  context: QueryContext,
): Promise<Labels> {
  const first = task.windows.first + BigInt(error.time);
  const windows = { first, step: 1, count: 1, length: 1 };
  const chunks = await chunksOf(expr, windows, context);
  const again = await scanned(expr, { ...task, windows, allMetadata: true }, chunks, context);
  return plainLabels((again.error ?? error).labels);
}

async function scanned(
  expr: RangeAggregation,
  task: CountTask | SamplesTask,
  chunks: readonly Chunk[],
  context: QueryContext,
): Promise<CountMerger | SampleMerger> {
  const merger = task.kind === "count" ? new CountMerger(task, context) : new SampleMerger(task, context);
  await scanAll(expr, { task, chunks, merger }, context);
  return merger;
}

function windowsOf({ rangeNs, offsetNs }: RangeAggregation, { start, step, count }: Steps): Windows {
  return { first: start - BigInt(offsetNs), step: step * 1e6, count, length: rangeNs };
}

function taskOf(expr: RangeAggregation, windows: Windows, pushDown: PushDown | undefined): CountTask | SamplesTask {
  const series = seriesTask(expr, pushDown);
  const counts = expr.unwrap === undefined;
  if (counts && (expr.op === "bytes_over_time" || expr.op === "bytes_rate"))
    return { kind: "count", of: "bytes", windows, ...series };
  return counts ? { kind: "count", of: "entries", windows, ...series } : { kind: "samples", windows, ...series };
}

function seriesTask({ op, grouping, unwrap }: RangeAggregation, pushDown: PushDown | undefined): SeriesTask {
  const effective = grouping ?? pushDown?.grouping;
  const groupsByNothing = effective !== undefined && !effective.without && effective.labels.length === 0;
  return {
    noLabels: op === "absent_over_time" || groupsByNothing,
    ...(effective && { grouping: effective }),
    ...(pushDown && { groupsErrors: true }),
    ...(unwrap && { unwrap }),
  };
}

async function scanAll(
  { log }: RangeAggregation,
  {
    task,
    chunks,
    merger,
  }: { task: CountTask | SamplesTask; chunks: readonly Chunk[]; merger: CountMerger | SampleMerger },
  context: QueryContext,
): Promise<void> {
  const { signal, stats } = context;
  const range = rangeOf(task.windows);
  const pipeline = pipelineOf(log, task);
  const groups = storedFirst(chunkGroups(chunks));
  const { readings } = context;
  const source = new PieceSource(groups, { range, skip: new BlockSkip(pipeline, stats), readings }, signal);
  if (merger instanceof CountMerger && pipeline.isEmpty)
    source.onExtent = (extent, labels) => merger.addExtent(extent, labels);
  const jobs = new JobRunner({ log, task, columns: pipeline.columns }, context);
  const results = inOrder(
    () => jobs.width,
    async () => {
      const pieces = await source.take(pipeline.columns.lines ? jobSizes.lines : jobSizes.times);
      return pieces.length === 0 ? undefined : () => jobs.run(pieces);
    },
  );
  const breather = new Breather(signal);
  for await (const result of results) {
    addStats(stats, result.stats);
    await merger.add(result as never, breather);
    freeBuffers(result);
    if (breather.isDue) await breather.rest();
  }
}

/** What peers can read comes before what only ingesters have, so that jobs hold either; object by object. */
function storedFirst(groups: readonly ChunkGroup[]): ChunkGroup[] {
  const isRecent = ({ chunks }: ChunkGroup): boolean => chunks.some(({ recent }) => recent);
  const stored = groups.filter((group) => !isRecent(group));
  const byObject = Map.groupBy(stored, ({ chunks }) => chunks[0]!.object);
  return [...[...byObject.values()].flat(), ...groups.filter(isRecent)];
}
