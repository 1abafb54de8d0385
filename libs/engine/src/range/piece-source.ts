import type { Extent, Labels } from "@ratatosk/model";
import type { ChunkGroup } from "../plan/chunk-groups.ts";
import { type Piece, type PieceOptions, piecesOf } from "../plan/pieces.ts";

/** Takes a chunk or block that need not be read, as its extent says all; false if it has to be. */
export type ExtentTaker = (extent: Extent, labels: Labels) => boolean;

/** How much goes into a job. */
export interface JobSize {
  /** Stored bytes of blocks of which the job reads what it needs. */
  readonly bytes: number;
  /** Of blocks that are read whole, whatever is needed. */
  readonly wholeBytes: number;
  /** Pieces. */
  readonly most: number;
}

/** Pieces of many streams, in no order, by the handful. */
export class PieceSource {
  /** Asked about every chunk and block that overlaps no other and lies in the range whole. */
  onExtent: ExtentTaker = () => false;
  readonly #groups: readonly ChunkGroup[];
  readonly #options: PieceOptions;
  readonly #signal: AbortSignal;
  #nextGroup = 0;
  #ready: Piece[] = [];

  constructor(groups: readonly ChunkGroup[], options: PieceOptions, signal: AbortSignal) {
    this.#groups = groups;
    this.#options = options;
    this.#signal = signal;
  }

  /** Pieces of about so many bytes in a job, fewer where blocks are read whole; empty at the end. */
  async take({ bytes, wholeBytes, most }: JobSize): Promise<Piece[]> {
    const taken: Piece[] = [];
    for (let share = 0; share < 1 && taken.length < most;) {
      this.#signal.throwIfAborted();
      if (this.#ready.length === 0 && !(await this.#expand())) break;
      const piece = this.#ready.pop();
      if (piece === undefined) continue;
      taken.push(piece);
      share += piece.jobBytes / (piece.isPacked ? wholeBytes : bytes);
    }
    return taken;
  }

  /** Opens the next group; false after the last. */
  async #expand(): Promise<boolean> {
    const group = this.#groups[this.#nextGroup++];
    if (group === undefined) return false;
    const [chunk, ...others] = group.chunks;
    const isExact = group.chunks.every(({ estimated }) => estimated !== true);
    if (isExact && others.length === 0 && this.#taken(chunk!, group.labels)) return true;
    const pieces = await piecesOf(group, this.#options, this.#signal);
    const isTaken = ({ blocks }: Piece): boolean =>
      isExact && blocks.length === 1 && this.#taken(blocks[0]!, group.labels);
    this.#ready = pieces.filter((piece) => !isTaken(piece)).reverse();
    return true;
  }

  #taken(extent: Extent, labels: Labels): boolean {
    const { start, end } = this.#options.range;
    return extent.minTime >= start && extent.maxTime < end && this.onExtent(extent, labels);
  }
}
