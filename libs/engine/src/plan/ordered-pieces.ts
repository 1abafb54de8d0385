import type { BlockSkip } from "./block-skip.ts";
import type { ChunkGroup } from "./chunk-groups.ts";
import { type Piece, piecesOf, type TimeRange } from "./pieces.ts";
import { PriorityQueue } from "./priority-queue.ts";

type Item = { readonly edge: bigint } & ({ readonly group: ChunkGroup } | { readonly piece: Piece });

/** Pieces of many streams, newest first (or oldest first); block headers are read only once their turn comes. */
export class OrderedPieces {
  readonly #queue: PriorityQueue<Item>;
  readonly #range: TimeRange;
  readonly #forward: boolean;
  readonly #skip: BlockSkip;

  constructor(groups: readonly ChunkGroup[], options: { range: TimeRange; forward: boolean; skip: BlockSkip }) {
    this.#range = options.range;
    this.#forward = options.forward;
    this.#skip = options.skip;
    this.#queue = new PriorityQueue(this.#forward ? (a, b) => a.edge < b.edge : (a, b) => a.edge > b.edge);
    for (const group of groups) this.#queue.push({ edge: this.#edge(group), group });
  }

  /** The time of the first entry that what is left may hold, in the direction of the query; undefined at the end. */
  get edge(): bigint | undefined {
    return this.#queue.peek()?.edge;
  }

  /** The next piece, or undefined at the end. */
  async next(signal: AbortSignal): Promise<Piece | undefined> {
    for (let item = this.#queue.pop(); item !== undefined; item = this.#queue.pop()) {
      if ("piece" in item) return item.piece;
      for (const piece of await piecesOf(item.group, this.#range, this.#skip, signal))
        this.#queue.push({ edge: this.#edge(piece), piece });
    }
    return undefined;
  }

  #edge({ minTime, maxTime }: { minTime: bigint; maxTime: bigint }): bigint {
    return this.#forward ? minTime : maxTime;
  }
}
