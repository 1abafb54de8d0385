import { encodeBlock } from "@ratatosk/chunk";
import {
  type BlockRef,
  type Chunk,
  type ChunkSource,
  compareText,
  formatLabels,
  type Labels,
  RatatoskError,
  type Selection,
  type SourceResult,
  type StoredBlock,
} from "@ratatosk/model";
import type { Ingesters } from "./ingesters.ts";

/**
 * What lies in the memory of all ingesters, as one source. A push is acknowledged once a majority of its replicas has
 * it, so as many ingesters may be silent as leaves one of that majority; with more, reads are refused: unavailable.
 */
export class RecentSource implements ChunkSource {
  readonly #ingesters: Ingesters;

  constructor(ingesters: Ingesters) {
    this.#ingesters = ingesters;
  }

  async select(selection: Selection, signal: AbortSignal): Promise<SourceResult> {
    const failed = new Set(this.#ingesters.missing());
    const missed = (id: string): boolean => failed.add(id).size <= this.#bearable;
    const answers = await this.#ask(async (source, id) => {
      const found = source.select(selection, signal);
      found.catch(() => missed(id));
      return { ...(await found), id };
    });
    return {
      chunks: answers.flatMap(({ chunks, id }) => chunks.map((chunk) => bearing(chunk, () => missed(id)))),
      warnings: [...new Set(answers.flatMap(({ warnings }) => warnings))],
      shipped: [...new Set(answers.flatMap(({ shipped = [] }) => shipped))],
      ingesters: answers.length,
    };
  }

  async labelNames(selection: Selection, signal: AbortSignal): Promise<string[]> {
    return union(await this.#ask((source) => source.labelNames(selection, signal)));
  }

  async labelValues(name: string, selection: Selection, signal: AbortSignal): Promise<string[]> {
    return union(await this.#ask((source) => source.labelValues(name, selection, signal)));
  }

  async series(selection: Selection, signal: AbortSignal): Promise<Labels[]> {
    const answers = await this.#ask((source) => source.series(selection, signal));
    return [...new Map(answers.flat().map((labels) => [formatLabels(labels), labels])).values()];
  }

  get #bearable(): number {
    return Math.floor(this.#ingesters.replicationFactor / 2);
  }

  async #ask<T>(question: (source: ChunkSource, id: string) => Promise<T>): Promise<T[]> {
    const members = this.#ingesters.members();
    const missing = this.#ingesters.missing();
    const answers = await Promise.allSettled(members.map(({ api, id }) => question(api.source, id)));
    const failures = answers.filter((answer) => answer.status === "rejected").map(({ reason }) => reason as unknown);
    if (members.length === 0) throw new RatatoskError("unavailable", "no ingester serves");
    if (failures.length + missing.length > this.#bearable) throw refusal(failures, missing);
    return answers.filter((answer) => answer.status === "fulfilled").map(({ value }) => value);
  }
}

/** A chunk whose ingester may go while it is read: where that can be borne, its other replicas tell all. */
function bearing(chunk: Chunk, isBearable: () => boolean): Chunk {
  return {
    ...chunk,
    recent: true,
    blocks: async (signal, skip) => (await chunk.blocks(signal, skip)).map(bearingBlock),
  };

  function bearingBlock(block: BlockRef): BlockRef {
    return {
      ...block,
      recent: true,
      async fetch(want, signal) {
        try {
          return await block.fetch(want, signal);
        } catch (thrown) {
          const error = RatatoskError.from(thrown);
          if (signal.aborted || error.code !== "unavailable" || !isBearable()) throw error;
          return nothing();
        }
      },
    };
  }
}

const nothing = (): StoredBlock =>
  encodeBlock({
    count: 0,
    base: 0n,
    deltas: new Float64Array(),
    lines: new Uint8Array(),
    offsets: new Uint32Array(1),
    metadata: [],
  });

function refusal(failures: readonly unknown[], missing: readonly string[]): RatatoskError {
  const [failure] = failures;
  return failure === undefined
    ? new RatatoskError("unavailable", `too many ingesters do not serve: ${missing.join(", ")}`)
    : RatatoskError.from(failure);
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].sort(compareText);
}
