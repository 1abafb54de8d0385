/** A place in an origin: a number, or the text of a cursor. */
export type Place = number | string;

/**
 * What a consumer has of an origin beyond the position that is saved: everything before `upTo`, except lines at `held`,
 * which waited in a stage.
 */
export interface Ahead {
  readonly upTo: Place;
  readonly held: readonly Place[];
}

/** What one consumer has of what came to it one way. */
export interface BranchAhead extends Ahead {
  readonly consumer: string;
  /** Empty where nothing branches. */
  readonly branch: string;
}

interface Given {
  readonly consumer: string;
  readonly branch: string;
  readonly upTo: Place;
  readonly held: ReadonlySet<Place>;
  isOver: boolean;
}

/** More than a number has bits get lines of interleaved streams again. */
const maxConsumers = 31;

/**
 * Which lines an earlier run has brought into which consumers' buffers already. Reading begins before them, because a line
 * between them was held back; they pass through the stages again, so that these know what they knew, and go no further.
 */
export class Past {
  readonly #givens: Given[];
  readonly #compare: (place: Place, upTo: Place) => number;

  /** `compare` is negative for a place that lies before `upTo`; 0 for the last that does, where a text cannot tell. */
  constructor(aheads: readonly BranchAhead[], compare: (place: Place, upTo: Place) => number) {
    this.#compare = compare;
    this.#givens = aheads
      .slice(0, maxConsumers)
      .map((ahead) => ({ ...ahead, held: new Set(ahead.held), isOver: false }));
  }

  /** The consumers that have the line at this place, as bits. Texts are asked for in order, once each. */
  of(place: Place): number {
    let bits = 0;
    for (const [i, given] of this.#givens.entries()) if (this.#has(given, place)) bits |= 1 << i;
    return bits;
  }

  /** The bit of a consumer on a branch, 0 where it has nothing of the origin. */
  bitOf(consumer: string, branch: string): number {
    const at = this.#givens.findIndex((given) => given.consumer === consumer && given.branch === branch);
    return at < 0 ? 0 : 1 << at;
  }

  /** The bits of all consumers that a branch leads to. */
  bitsFrom(branch: string): number {
    let bits = 0;
    for (const [i, given] of this.#givens.entries())
      if (branch === "" || given.branch === branch || given.branch.startsWith(`${branch}/`)) bits |= 1 << i;
    return bits;
  }

  #has(given: Given, place: Place): boolean {
    if (given.isOver) return false;
    const order = this.#compare(place, given.upTo);
    given.isOver = order === 0;
    return order <= 0 && !given.held.has(place);
  }
}
