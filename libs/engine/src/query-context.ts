import {
  type Chunk,
  type ChunkSource,
  type Matcher,
  type QueryStats,
  RatatoskError,
  shareWithin,
} from "@ratatosk/model";
import type { KeptResults } from "./kept/kept-results.ts";
import { Readings } from "./plan/readings.ts";
import type { QueryBudget } from "./query-budget.ts";
import type { ScanRunner } from "./scan/runner.ts";
import type { JobGate } from "./share/job-gate.ts";
import type { ScanPeers } from "./share/shared-job.ts";

export interface ContextOptions {
  readonly tenant: string;
  readonly tenants?: readonly string[];
  readonly source: ChunkSource;
  readonly runner: ScanRunner;
  /** Where jobs of all queries wait before they read their blocks. */
  readonly gate: JobGate;
  readonly stats: QueryStats;
  readonly budget: QueryBudget;
  readonly signal: AbortSignal;
  readonly maxChunks: number;
  readonly maxStreams: number;
  readonly onSelected?: (bytes: number) => void;
  readonly kept?: KeptResults | undefined;
  readonly peers?: ScanPeers | undefined;
  /** Raw bytes, as the index has them, from which on peers are asked. */
  readonly sharedFromBytes: number;
}

/** A store that lost thousands of objects says so a hundred times. */
const mostWarnings = 100;

/** What the parts of one query share. */
export class QueryContext {
  readonly runner: ScanRunner;
  readonly gate: JobGate;
  readonly stats: QueryStats;
  readonly budget: QueryBudget;
  readonly signal: AbortSignal;
  readonly warnings = new Set<string>();
  readonly readings = new Readings();
  /** Where results are kept, if they are. */
  readonly kept: KeptResults | undefined;
  readonly #options: ContextOptions;
  #selectedBytes = 0;

  constructor(options: ContextOptions) {
    this.runner = options.runner;
    this.gate = options.gate;
    this.stats = options.stats;
    this.budget = options.budget;
    this.signal = options.signal;
    this.kept = options.kept;
    this.#options = options;
  }

  get tenant(): string {
    return this.#options.tenant;
  }

  /** Whether everything could be read so far. */
  get isComplete(): boolean {
    return this.warnings.size === 0 && this.stats.blocksDamaged === 0;
  }

  /** Whose lines it may read. */
  get tenants(): readonly string[] {
    return this.#options.tenants ?? [this.tenant];
  }

  /** Who shares the work; undefined while it is too little. */
  get peers(): ScanPeers | undefined {
    return this.#selectedBytes >= this.#options.sharedFromBytes ? this.#options.peers : undefined;
  }

  /** The chunks that may hold entries of [start, end). */
  async select(matchers: readonly Matcher[], start: bigint, end: bigint): Promise<readonly Chunk[]> {
    const { tenant, source, maxChunks, maxStreams } = this.#options;
    const began = performance.now();
    const { chunks, warnings, ingesters = 0 } = await source.select({ tenant, matchers, start, end }, this.signal);
    for (const warning of warnings) this.warnings.add(warning);
    const streams = new Set(chunks.map(({ stream }) => stream)).size;
    if (maxChunks > 0 && chunks.length > maxChunks)
      throw new RatatoskError(
        "bad_request",
        `the query hit the max number of chunks limit (limit: ${maxChunks} chunks)`,
      );
    if (maxStreams > 0 && streams > maxStreams)
      throw new RatatoskError(
        "bad_request",
        `cardinality limit exceeded for {}; ${streams} entries, more than limit of ${maxStreams}`,
      );
    this.#selectedBytes += chunks.reduce((sum, chunk) => sum + chunk.bytes * shareWithin(chunk, { start, end }), 0);
    this.#options.onSelected?.(this.#selectedBytes);
    this.stats.selectSeconds += (performance.now() - began) / 1000;
    this.stats.ingesters = Math.max(this.stats.ingesters, ingesters);
    this.stats.chunksMatched += chunks.length;
    this.stats.recentChunks += chunks.filter(({ recent }) => recent).length;
    this.stats.streams += streams;
    return chunks.map((chunk) => this.#tolerant(chunk));
  }

  /** What a read gives, or `instead` where the bytes are damaged or gone: then the answer carries a warning. */
  async unlessDamaged<T, U>(read: Promise<T>, instead: U): Promise<T | U> {
    try {
      return await read;
    } catch (error) {
      const { code, message } = RatatoskError.from(error);
      if (code !== "corrupt" && code !== "not_found") throw error;
      if (this.warnings.size < mostWarnings) this.warnings.add(`some lines could not be read: ${message}`);
      return instead;
    }
  }

  #tolerant(chunk: Chunk): Chunk {
    const { labels, stream, minTime, maxTime, entries, bytes, estimated, recent, object, identity, levels } = chunk;
    return {
      labels,
      stream,
      minTime,
      maxTime,
      entries,
      bytes,
      ...(estimated && { estimated }),
      ...(recent && { recent }),
      ...(object !== undefined && { object }),
      ...(identity !== undefined && { identity }),
      ...(levels && { levels }),
      blocks: (signal, skip) => this.unlessDamaged(chunk.blocks(signal, skip), []),
    };
  }
}
