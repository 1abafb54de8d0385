import type { Labels, ResultEntry } from "@ratatosk/model";

/** An entry on its way to the client. */
export interface TailEntry {
  readonly labels: Labels;
  readonly entry: ResultEntry;
}

/** An entry that the client did not get. */
export interface DroppedEntry {
  readonly labels: Labels;
  readonly time: bigint;
}

const mostEntries = 20_000;
const mostBytes = 8 * 2 ** 20;
const mostDropped = 1000;

/** Entries that wait for the client. When it is too slow, new ones are dropped and the last thousand of these noted. */
export class Outbox {
  #waiting: { readonly due: number; readonly entry: TailEntry }[] = [];
  #bytes = 0;
  #dropped: DroppedEntry[] = [];

  /** Adds an entry that shall not leave before `due`, in milliseconds. */
  add(entry: TailEntry, due: number): void {
    const bytes = this.#bytes + entry.entry.line.length;
    if (this.#waiting.length >= mostEntries || bytes > mostBytes) return this.#drop(entry);
    this.#waiting.push({ due, entry });
    this.#bytes = bytes;
  }

  /** Takes the entries that are due, in the order of their times. */
  take(now: number): TailEntry[] {
    const taken = this.#waiting.filter(({ due }) => due <= now).map(({ entry }) => entry);
    this.#waiting = this.#waiting.filter(({ due }) => due > now);
    for (const { entry } of taken) this.#bytes -= entry.line.length;
    return taken.sort((a, b) => (a.entry.time < b.entry.time ? -1 : a.entry.time > b.entry.time ? 1 : 0));
  }

  /** Takes the note of what was dropped since it was taken last. */
  takeDropped(): DroppedEntry[] {
    return this.#dropped.splice(0);
  }

  #drop({ labels, entry }: TailEntry): void {
    if (this.#dropped.length >= mostDropped) this.#dropped.shift();
    this.#dropped.push({ labels, time: entry.time });
  }
}
