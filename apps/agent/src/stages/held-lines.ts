import type { Entry } from "../entry.ts";
import type { Origin, Part } from "../origin.ts";

/** Lines that wait to become one entry: of one origin, or of several where a file was rotated meanwhile. */
export class HeldLines {
  readonly #parts = new Map<Origin, Part & { readonly rest: number[] }>();
  #given = 0;

  /** Whether a line may be joined with these: what a consumer has from an earlier run is joined with nothing that it has not. */
  mayTake({ origin, given }: Entry): boolean {
    return this.#parts.size === 0 || (given === this.#given && (given === 0 || this.#parts.has(origin)));
  }

  /** The lines of an entry wait too. */
  add(entry: Entry): void {
    this.#given = entry.given;
    this.#add(entry);
    for (const part of entry.also) this.#add(part);
  }

  /** Says of an entry that it is made of these lines. */
  place(entry: Entry): void {
    const [first, ...also] = this.#parts.values();
    if (first) Object.assign(entry, { ...first, also, given: this.#given });
  }

  /** They wait no more. */
  release(): void {
    for (const part of this.#parts.values()) part.origin.release(part);
    this.#parts.clear();
  }

  #add({ origin, start, rest }: Part): void {
    const known = this.#parts.get(origin);
    if (known) return void known.rest.push(start, ...rest);
    const part = { origin, start, rest: [...rest] };
    this.#parts.set(origin, part);
    origin.hold(part);
  }
}

/** The lines of an entry that waits. */
export function heldLinesOf(entry: Entry): HeldLines {
  const lines = new HeldLines();
  lines.add(entry);
  return lines;
}
