import type { ChunkGroup } from "./chunk-groups.ts";
import { OpenGroup, type OpenOptions } from "./open-group.ts";
import type { Piece } from "./pieces.ts";
import { PriorityQueue } from "./priority-queue.ts";

type Item = { readonly edge: bigint } & ({ readonly group: OpenGroup } | { readonly piece: Piece });

/** Pieces of many streams, newest first (or oldest first); block headers are read only once their turn comes. */
export class OrderedPieces {
  readonly #queue: PriorityQueue<Item>;
  readonly #forward: boolean;

  constructor(groups: readonly ChunkGroup[], options: OpenOptions) {
    this.#forward = options.forward;
    this.#queue = new PriorityQueue(this.#forward ? (a, b) => a.edge < b.edge : (a, b) => a.edge > b.edge);
    for (const group of groups) this.#push(new OpenGroup(group, options));
  }

  /** The time of the first entry that what is left may hold, in the direction of the query; undefined at the end. */
  get edge(): bigint | undefined {
    return this.#queue.peek()?.edge;
  }

  /** The next piece, or undefined at the end. */
  async next(signal: AbortSignal): Promise<Piece | undefined> {
    for (let item = this.#queue.pop(); item !== undefined; item = this.#queue.pop()) {
      if ("piece" in item) return item.piece;
      for (const piece of await item.group.open(signal))
        this.#queue.push({ edge: this.#forward ? piece.minTime : piece.maxTime, piece });
      this.#push(item.group);
    }
    return undefined;
  }

  #push(group: OpenGroup): void {
    const { edge } = group;
    if (edge !== undefined) this.#queue.push({ edge, group });
  }
}
