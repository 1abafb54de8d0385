import type { MetricExpr } from "@ratatosk/logql";
import {
  type ChunkSource,
  emptyStats,
  type QueryResult,
  type QueryStats,
  RatatoskError,
  type StreamsResult,
} from "@ratatosk/model";
import type { KeptResults } from "./kept/kept-results.ts";
import { timedOut, unlessAborted } from "./in-time.ts";
import { type LogQuery, logQuery } from "./log-query.ts";
import { instantMetricQuery, type MetricTerms, rangeMetricQuery } from "./metric-query.ts";
import { QueryBudget, SharedMemory } from "./query-budget.ts";
import { QueryContext } from "./query-context.ts";
import { localRunner, type ScanRunner } from "./scan/runner.ts";
import type { Steps } from "./series.ts";
import { JobGate } from "./share/job-gate.ts";
import type { ScanPeers } from "./share/shared-job.ts";

export interface EngineOptions {
  readonly source: ChunkSource;
  readonly runner?: ScanRunner;
  /** Bytes that one query may hold. */
  readonly memoryBytes?: number;
  /** Bytes that all queries together may hold; twice that of one unless given. */
  readonly sharedBytes?: number;
  /** Where results are kept; they are not unless given. */
  readonly kept?: KeptResults | undefined;
  /** Processes with which queries of at least `sharedFromBytes` raw bytes are shared. */
  readonly peers?: ScanPeers;
  readonly sharedFromBytes?: number;
}

/** Whose query it is and what it may cost. Limits of 0 do not apply. */
export interface QueryTerms extends MetricTerms {
  readonly tenant: string;
  /** All whose lines it may read, where that is not `tenant` alone. */
  readonly tenants?: readonly string[];
  /** Asked instead of the engine's source. */
  readonly source?: ChunkSource;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly maxChunks: number;
  readonly maxStreams: number;
  /** Told of the bytes that the query is going to look at, as the index has them; what it throws refuses the query. */
  readonly onSelected?: (bytes: number) => void;
}

export interface Answer<Result extends QueryResult = QueryResult> {
  readonly result: Result;
  readonly stats: QueryStats;
  readonly warnings: readonly string[];
}

/** One is scanned while the next one is read. */
const jobsPerThread = 2;
const defaultMemoryBytes = 256 * 2 ** 20;

/** Answers queries over a source of chunks. */
export class QueryEngine {
  readonly source: ChunkSource;
  readonly #runner: ScanRunner;
  readonly #gate: JobGate;
  readonly #memoryBytes: number;
  readonly #shared: SharedMemory;
  readonly #sharing: { readonly peers: ScanPeers | undefined; readonly sharedFromBytes: number };

  readonly #kept: KeptResults | undefined;

  constructor(options: EngineOptions) {
    const { source, runner = localRunner, memoryBytes = defaultMemoryBytes, sharedBytes } = options;
    this.#kept = options.kept;
    this.source = source;
    this.#runner = runner;
    this.#gate = new JobGate(Math.max(1, jobsPerThread * runner.concurrency));
    this.#sharing = { peers: options.peers, sharedFromBytes: options.sharedFromBytes ?? 0 };
    this.#memoryBytes = memoryBytes;
    this.#shared = new SharedMemory(sharedBytes ?? 2 * memoryBytes);
  }

  /** Lines. */
  lines(query: LogQuery, terms: QueryTerms): Promise<Answer<StreamsResult>> {
    return this.#answer(terms, (context) => logQuery(query, context));
  }

  /** Samples at every step. */
  range(expr: MetricExpr, steps: Steps, terms: QueryTerms): Promise<Answer> {
    return this.#answer(terms, (context) => rangeMetricQuery(expr, steps, terms, context));
  }

  /** Samples at one time, in unix nanoseconds. */
  instant(expr: MetricExpr, time: bigint, terms: QueryTerms): Promise<Answer> {
    return this.#answer(terms, (context) => instantMetricQuery(expr, time, terms, context));
  }

  async #answer<Result extends QueryResult>(
    terms: QueryTerms,
    run: (context: QueryContext) => Promise<Result>,
  ): Promise<Answer<Result>> {
    const began = performance.now();
    const timeout = terms.timeoutMs > 0 ? AbortSignal.timeout(terms.timeoutMs) : undefined;
    // What a source holds for a reading is let go once the answer is there.
    const over = new AbortController();
    const signal = AbortSignal.any([terms.signal, over.signal, ...(timeout ? [timeout] : [])]);
    const stats = emptyStats();
    const budget = new QueryBudget(this.#memoryBytes, this.#shared);
    const source = terms.source ?? this.source;
    const shape = { runner: this.#runner, gate: this.#gate, kept: this.#kept, ...this.#sharing };
    const context = new QueryContext({ ...terms, signal, stats, budget, source, ...shape });
    try {
      const running = run(context).finally(() => budget.release());
      const result = await unlessAborted(running, signal);
      if (stats.blocksDamaged > 0) context.warnings.add(`${stats.blocksDamaged} damaged blocks were left out`);
      stats.execSeconds = (performance.now() - began) / 1000;
      return { result, stats, warnings: [...context.warnings] };
    } catch (error) {
      if (timeout?.aborted === true && !terms.signal.aborted)
        throw new RatatoskError("timeout", timedOut, { cause: error });
      if (terms.signal.aborted)
        throw new RatatoskError("cancelled", "the request was cancelled by the client", { cause: error });
      throw error;
    } finally {
      over.abort();
    }
  }
}
