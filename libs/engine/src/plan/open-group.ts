import type { BlockRef, Chunk, Extent, Labels } from "@ratatosk/model";
import type { ChunkGroup } from "./chunk-groups.ts";
import { blocksWithin, cutBlocks, type Piece, type PieceOptions } from "./pieces.ts";

export interface OpenOptions extends PieceOptions {
  readonly forward: boolean;
}

/**
 * A group of chunks that is opened chunk by chunk from one end of time: blocks that nothing unopened can overlap come out
 * as pieces, so that a query which ends early has not looked into the other chunks.
 */
export class OpenGroup {
  readonly #labels: Labels;
  readonly #options: OpenOptions;
  /** The next to open is the last. */
  readonly #unopened: Chunk[];
  #waiting: BlockRef[] = [];

  constructor({ labels, chunks }: ChunkGroup, options: OpenOptions) {
    this.#labels = labels;
    this.#options = options;
    this.#unopened = chunks.toSorted((a, b) => this.#compare(this.#first(b), this.#first(a)));
  }

  /** The time of the first entry that what is left may hold, in the direction of the query; undefined at the end. */
  get edge(): bigint | undefined {
    const next = this.#unopened.at(-1);
    return this.#foremost(next ? [next, ...this.#waiting] : this.#waiting);
  }

  /** The object in which the chunk lies that is opened next. */
  get object(): string | undefined {
    return this.#unopened.at(-1)?.object;
  }

  /** Opens a chunk; the pieces that are complete by now. */
  async open(signal: AbortSignal): Promise<Piece[]> {
    const { range, skip } = this.#options;
    const chunk = this.#unopened.pop();
    if (chunk) this.#waiting.push(...(await blocksWithin(chunk, range, skip, signal)));
    return cutBlocks(this.#labels, this.#options, this.#takeComplete());
  }

  /** Blocks before all that is unopened, and before the blocks that are not, in the direction of the query. */
  #takeComplete(): BlockRef[] {
    const next = this.#unopened.at(-1);
    let complete = this.#waiting;
    let left: BlockRef[] = [];
    for (let edge = next && this.#first(next), before = -1; edge !== undefined && left.length !== before;) {
      before = left.length;
      const limit = edge;
      left = this.#waiting.filter((block) => this.#compare(this.#last(block), limit) >= 0);
      complete = this.#waiting.filter((block) => this.#compare(this.#last(block), limit) < 0);
      edge = this.#foremost([next!, ...left]);
    }
    this.#waiting = left;
    return complete;
  }

  #first({ minTime, maxTime }: Extent): bigint {
    return this.#options.forward ? minTime : maxTime;
  }

  #last({ minTime, maxTime }: Extent): bigint {
    return this.#options.forward ? maxTime : minTime;
  }

  #foremost(extents: readonly Extent[]): bigint | undefined {
    let edge: bigint | undefined;
    for (const extent of extents)
      if (edge === undefined || this.#compare(this.#first(extent), edge) < 0) edge = this.#first(extent);
    return edge;
  }

  /** Negative where `a` comes first in the direction of the query. */
  #compare(a: bigint, b: bigint): number {
    if (a === b) return 0;
    return a < b === this.#options.forward ? -1 : 1;
  }
}
