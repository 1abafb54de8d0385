import { ByteReader, ByteWriter } from "@ratatosk/bytes";
import type { BatchId } from "@ratatosk/chunk";
import { RatatoskError } from "@ratatosk/model";

const mostAgents = 2000;
const mostSequences = 512;

/** The ids of the batches stored last, so that a repeated one is not stored again. Bounded by agents and by batches of each. */
export class BatchWindow {
  readonly #agents = new Map<string, Set<number>>();

  has({ agent, sequence }: BatchId): boolean {
    return this.#agents.get(agent)?.has(sequence) ?? false;
  }

  add({ agent, sequence }: BatchId): void {
    const sequences = this.#agents.get(agent) ?? new Set();
    // Moved to the end: the first of each are the oldest.
    this.#agents.delete(agent);
    this.#agents.set(agent, sequences);
    sequences.delete(sequence);
    sequences.add(sequence);
    dropOldest(sequences, mostSequences);
    dropOldest(this.#agents, mostAgents);
  }

  /** `agents <varint>, agents × ( agent <text>, batches <varint>, batches × sequence <varint> )` */
  encode(): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter();
    out.varint(this.#agents.size);
    for (const [agent, sequences] of this.#agents) {
      out.text(agent);
      out.varint(sequences.size);
      for (const sequence of sequences) out.varint(sequence);
    }
    return out.written();
  }

  /** Adds what `encode` wrote. Throws corrupt. */
  restore(bytes: Uint8Array): void {
    const reader = new ByteReader(bytes, (why) => new RatatoskError("corrupt", `batch ids: ${why}`));
    for (let agents = reader.count(); agents > 0; agents--) {
      const agent = reader.text();
      for (let left = reader.count(); left > 0; left--) this.add({ agent, sequence: reader.varint() });
    }
    reader.end();
  }
}

function dropOldest<K>(collection: Set<K> | Map<K, unknown>, most: number): void {
  for (const key of collection.keys()) {
    if (collection.size <= most) return;
    collection.delete(key);
  }
}
