import type { LogExpr } from "@ratatosk/logql";
import type { BlockRef, StreamsResult } from "@ratatosk/model";
import { addStats } from "@ratatosk/model";
import { groupStreams } from "./group-streams.ts";
import { IntervalFilter } from "./interval-filter.ts";
import { type CollectedLine, LinesCollector } from "./lines-collector.ts";
import type { QueryContext } from "./query-context.ts";
import { chunkGroups } from "./plan/chunk-groups.ts";
import { fetchJob } from "./plan/fetch-job.ts";
import { inOrder } from "./plan/job-queue.ts";
import { mayMatch } from "./plan/may-match.ts";
import { OrderedPieces } from "./plan/ordered-pieces.ts";
import type { Piece } from "./plan/pieces.ts";
import { pipelineOf } from "./plan/plan-pipeline.ts";
import type { LinesResult, LinesTask } from "./scan/job.ts";

export interface LogQuery {
  readonly expr: LogExpr;
  /** Unix nanoseconds: `start` inclusive, `end` exclusive. */
  readonly start: bigint;
  readonly end: bigint;
  readonly limit: number;
  readonly forward: boolean;
  /** Least nanoseconds between two lines of the answer; 0 for none. */
  readonly intervalNs: bigint;
  /** Streams carry only their own labels, metadata and parsed labels go with each entry. */
  readonly categorized: boolean;
}

/** Bytes as stored of the jobs: the first is small, as it often holds all that is asked for. */
const firstJobBytes = 64 * 2 ** 10;
const jobBytes = 2 * 2 ** 20;
const mostPieces = 64;

/** Answers a log query: scans newest (or oldest) blocks first and stops once nothing older can enter the answer. */
export async function logQuery(query: LogQuery, context: QueryContext): Promise<StreamsResult> {
  const { expr, start, end, forward, limit } = query;
  const task: LinesTask = { kind: "lines", forward, limit: query.intervalNs > 0n ? Infinity : limit };
  const pipeline = pipelineOf(expr, task);
  const chunks = await context.select(expr.matchers, start, end);
  const pieces = new OrderedPieces(chunkGroups(chunks), {
    range: { start, end },
    forward,
    mayMatch: (block: BlockRef) => mayMatch(block, pipeline),
  });
  const answer = query.intervalNs > 0n ? new SpacedAnswer(query, context) : new FirstAnswer(query, context);
  let began = 0;
  const results = inOrder(query.intervalNs > 0n ? 1 : context.runner.concurrency, async () => {
    const taken = await takePieces(pieces, began++ === 0 ? firstJobBytes : jobBytes, answer, context.signal);
    if (taken.length === 0) return undefined;
    return async () => {
      const job = await fetchJob({ log: expr, task, columns: pipeline.columns }, taken, context.stats, context.signal);
      return (await context.runner.run(job, context.signal)) as LinesResult;
    };
  });
  for await (const result of results) {
    addStats(context.stats, result.stats);
    answer.add(result, pieces.edge);
  }
  const lines = answer.finish();
  context.stats.entriesReturned = lines.length;
  return { type: "streams", streams: groupStreams(lines, query.categorized) };
}

async function takePieces(pieces: OrderedPieces, bytes: number, answer: Answer, signal: AbortSignal): Promise<Piece[]> {
  const taken: Piece[] = [];
  for (let size = 0; size < bytes && taken.length < mostPieces;) {
    signal.throwIfAborted();
    if (pieces.edge === undefined || answer.isCompleteAt(pieces.edge)) break;
    const piece = await pieces.next(signal);
    if (piece === undefined) break;
    taken.push(piece);
    size += piece.storedBytes;
  }
  return taken;
}

/** What becomes of the lines that scans find. */
interface Answer {
  /** `edge` is the time from which on lines may still come. */
  add(result: LinesResult, edge: bigint | undefined): void;
  isCompleteAt(edge: bigint): boolean;
  finish(): readonly CollectedLine[];
}

/** The first `limit` lines. */
class FirstAnswer implements Answer {
  readonly #collector: LinesCollector;

  constructor({ limit, forward }: LogQuery, { budget }: QueryContext) {
    this.#collector = new LinesCollector({ limit, forward, budget });
  }

  add(result: LinesResult): void {
    this.#collector.add(result);
  }

  isCompleteAt(edge: bigint): boolean {
    return this.#collector.isCompleteAt(edge);
  }

  finish(): readonly CollectedLine[] {
    return this.#collector.lines;
  }
}

/** The first `limit` lines that keep their distance: decided once no earlier line can come. */
class SpacedAnswer implements Answer {
  readonly #collector: LinesCollector;
  readonly #filter: IntervalFilter;

  constructor({ limit, forward, intervalNs }: LogQuery, { budget }: QueryContext) {
    this.#collector = new LinesCollector({ limit: Infinity, forward, budget });
    this.#filter = new IntervalFilter({ limit, forward, intervalNs });
  }

  add(result: LinesResult, _edge: bigint | undefined): void {
    this.#collector.add(result);
  }

  isCompleteAt(edge: bigint): boolean {
    this.#filter.add(this.#collector.takeBefore(edge));
    return this.#filter.isFull;
  }

  finish(): readonly CollectedLine[] {
    this.#filter.add(this.#collector.takeBefore(undefined));
    return this.#filter.lines;
  }
}
