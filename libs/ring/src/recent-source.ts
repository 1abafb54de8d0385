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
import type { IngesterMember, Ingesters } from "./ingesters.ts";

/** An ingester that is asked; the signal aborts when it falls silent, too. */
interface Asked {
  readonly id: string;
  readonly source: ChunkSource;
  readonly signal: AbortSignal;
}

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
    const answers = await this.#ask(signal, async ({ source, id, signal: asked }) => {
      const found = source.select(selection, asked);
      found.catch(() => missed(id));
      return { ...(await found), id, asked };
    });
    return {
      chunks: answers.flatMap(({ chunks, id, asked }) =>
        chunks.map((chunk) => bearing(chunk, asked, () => missed(id))),
      ),
      warnings: [...new Set(answers.flatMap(({ warnings }) => warnings))],
      shipped: [...new Set(answers.flatMap(({ shipped = [] }) => shipped))],
      ingesters: answers.length,
    };
  }

  async labelNames(selection: Selection, signal: AbortSignal): Promise<string[]> {
    return union(await this.#ask(signal, (asked) => asked.source.labelNames(selection, asked.signal)));
  }

  async labelValues(name: string, selection: Selection, signal: AbortSignal): Promise<string[]> {
    return union(await this.#ask(signal, (asked) => asked.source.labelValues(name, selection, asked.signal)));
  }

  async series(selection: Selection, signal: AbortSignal): Promise<Labels[]> {
    const answers = await this.#ask(signal, (asked) => asked.source.series(selection, asked.signal));
    return [...new Map(answers.flat().map((labels) => [formatLabels(labels), labels])).values()];
  }

  get #bearable(): number {
    return Math.floor(this.#ingesters.replicationFactor / 2);
  }

  async #ask<T>(signal: AbortSignal, question: (asked: Asked) => Promise<T>): Promise<T[]> {
    const members = this.#ingesters.members();
    const missing = this.#ingesters.missing();
    const answers = await Promise.allSettled(members.map((member) => askOne(member, signal, question)));
    const failures = answers.filter((answer) => answer.status === "rejected").map(({ reason }) => reason as unknown);
    if (members.length === 0) throw new RatatoskError("unavailable", "no ingester serves");
    if (failures.length + missing.length > this.#bearable) throw refusal(failures, missing);
    return answers.filter((answer) => answer.status === "fulfilled").map(({ value }) => value);
  }
}

/** Puts a question to one ingester for as long as it answers and somebody wants to know. */
async function askOne<T>(
  { api, id, silent }: IngesterMember,
  signal: AbortSignal,
  question: (asked: Asked) => Promise<T>,
): Promise<T> {
  const answering = silent === undefined ? signal : AbortSignal.any([signal, silent]);
  try {
    return await question({ id, source: api.source, signal: answering });
  } catch (error) {
    throw silent?.aborted && !signal.aborted ? silent.reason : error;
  }
}

/** A chunk whose ingester may go while it is read: where that can be borne, its other replicas tell all. */
function bearing(chunk: Chunk, asked: AbortSignal, isBearable: () => boolean): Chunk {
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
          const error = RatatoskError.from(asked.aborted ? asked.reason : thrown);
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
