import type { LogExpr } from "@ratatosk/logql";
import type { StreamsResult } from "@ratatosk/model";
import { addStats, formatLabels } from "@ratatosk/model";
import { groupStreams } from "./group-streams.ts";
import { keepDistance } from "./keep-distance.ts";
import { LinesCollector } from "./lines-collector.ts";
import type { QueryContext } from "./query-context.ts";
import { BlockSkip } from "./plan/block-skip.ts";
import { chunkGroups } from "./plan/chunk-groups.ts";
import { inOrder } from "./plan/job-queue.ts";
import { OrderedPieces } from "./plan/ordered-pieces.ts";
import type { Piece } from "./plan/pieces.ts";
import { pipelineOf } from "./plan/plan-pipeline.ts";
import type { LinesResult, LinesTask } from "./scan/job.ts";
import { JobRunner } from "./share/job-runner.ts";

export interface LogQuery {
  readonly expr: LogExpr;
  /** Unix nanoseconds: `start` inclusive, `end` exclusive. */
  readonly start: bigint;
  readonly end: bigint;
  readonly limit: number;
  readonly forward: boolean;
  /** Of the lines found, those closer than this to the one before are left out; nanoseconds, 0 for none. */
  readonly intervalNs: bigint;
  /** Streams carry only their own labels, metadata and parsed labels go with each entry. */
  readonly categorized: boolean;
}

/** Bytes as stored of the jobs: the first are small and run alone, as what they find often makes most of the others unnecessary. */
const firstJobsBytes = [64 * 2 ** 10, 2 ** 20];
const jobBytes = 2 * 2 ** 20;
const mostPieces = 64;

/** Answers a log query: scans newest (or oldest) blocks first and stops once nothing older can enter the answer. */
export async function logQuery(query: LogQuery, context: QueryContext): Promise<StreamsResult> {
  const { expr, start, end, forward, limit } = query;
  const task: LinesTask = { kind: "lines", forward, limit };
  const pipeline = pipelineOf(expr, task);
  const chunks = await context.select(expr.matchers, start, end);
  const pieces = new OrderedPieces(chunkGroups(chunks), {
    range: { start, end },
    forward,
    skip: new BlockSkip(pipeline, context.stats),
    readings: context.readings,
  });
  const jobs = new JobRunner({ log: expr, task, columns: pipeline.columns }, context);
  const collector = new LinesCollector({ limit, forward, budget: context.budget });
  let began = 0;
  let done = 0;
  const width = (): number => (done < firstJobsBytes.length ? 1 : jobs.width);
  const results = inOrder(width, async () => {
    const taken = await takePieces(pieces, firstJobsBytes[began++] ?? jobBytes, collector, context.signal);
    if (taken.length === 0) return undefined;
    return async () => {
      const result = (await jobs.run(taken)) as LinesResult;
      return { result, streams: taken.map(({ labels }) => formatLabels(labels)) };
    };
  });
  for await (const { result, streams } of results) {
    addStats(context.stats, result.stats);
    collector.add(result, streams);
    done++;
  }
  const lines = keepDistance(collector.lines, query.intervalNs);
  context.stats.entriesReturned = lines.length;
  return { type: "streams", streams: groupStreams(lines, query.categorized) };
}

async function takePieces(
  pieces: OrderedPieces,
  bytes: number,
  collector: LinesCollector,
  signal: AbortSignal,
): Promise<Piece[]> {
  const taken: Piece[] = [];
  for (let size = 0; size < bytes && taken.length < mostPieces;) {
    signal.throwIfAborted();
    if (pieces.edge === undefined || collector.isCompleteAt(pieces.edge)) break;
    const piece = await pieces.next(signal);
    if (piece === undefined) break;
    taken.push(piece);
    size += piece.jobBytes;
  }
  return taken;
}
