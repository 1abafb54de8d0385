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

interface Given {
  readonly upTo: Place;
  readonly held: ReadonlySet<Place>;
  isOver: boolean;
}

/** More consumers than a number has bits get lines of interleaved streams again. */
const maxConsumers = 31;

/**
 * Which lines an earlier run has brought into which consumers' buffers already. Reading begins before them, because a line
 * between them was held back; they pass through the stages again, so that these know what they knew, and go no further.
 */
export class Past {
  readonly #consumers = new Map<string, number>();
  readonly #givens: Given[] = [];
  readonly #compare: (place: Place, upTo: Place) => number;

  /** `compare` is negative for a place that lies before `upTo`; 0 for the last that does, where a text cannot tell. */
  constructor(aheads: ReadonlyMap<string, Ahead>, compare: (place: Place, upTo: Place) => number) {
    this.#compare = compare;
    for (const [consumer, { upTo, held }] of aheads) {
      if (this.#givens.length === maxConsumers) return;
      this.#consumers.set(consumer, 1 << this.#givens.length);
      this.#givens.push({ upTo, held: new Set(held), isOver: false });
    }
  }

  /** The consumers that have the line at this place, as bits. Texts are asked for in order, once each. */
  of(place: Place): number {
    let bits = 0;
    for (const [i, given] of this.#givens.entries()) if (this.#has(given, place)) bits |= 1 << i;
    return bits;
  }

  /** The bit of a consumer, 0 where it has nothing of the origin. */
  bitOf(consumer: string): number {
    return this.#consumers.get(consumer) ?? 0;
  }

  #has(given: Given, place: Place): boolean {
    if (given.isOver) return false;
    const order = this.#compare(place, given.upTo);
    given.isOver = order === 0;
    return order <= 0 && !given.held.has(place);
  }
}
