import { timedOut, unlessAborted } from "@ratatosk/engine";
import { type ChunkSource, type Labels, RatatoskError, type Selection, type SourceResult } from "@ratatosk/model";

/** A source that is waited for no longer than a query may take; 0 for as long as it takes. */
export class TimedSource implements ChunkSource {
  readonly #source: ChunkSource;
  readonly #timeoutMs: number;

  constructor(source: ChunkSource, timeoutMs: number) {
    this.#source = source;
    this.#timeoutMs = timeoutMs;
  }

  select(selection: Selection, signal: AbortSignal): Promise<SourceResult> {
    return this.#inTime(this.#source.select(selection, signal));
  }

  labelNames(selection: Selection, signal: AbortSignal): Promise<string[]> {
    return this.#inTime(this.#source.labelNames(selection, signal));
  }

  labelValues(name: string, selection: Selection, signal: AbortSignal): Promise<string[]> {
    return this.#inTime(this.#source.labelValues(name, selection, signal));
  }

  series(selection: Selection, signal: AbortSignal): Promise<Labels[]> {
    return this.#inTime(this.#source.series(selection, signal));
  }

  async #inTime<T>(running: Promise<T>): Promise<T> {
    if (this.#timeoutMs === 0) return running;
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    try {
      return await unlessAborted(running, timeout);
    } catch (error) {
      throw timeout.aborted ? new RatatoskError("timeout", timedOut, { cause: error }) : error;
    }
  }
}
