import type { ResultStream } from "@ratatosk/model";
import type { TailEntry } from "./outbox.ts";

/** The entries of all streams in the order of their times. */
export function entriesOf(streams: readonly ResultStream[]): TailEntry[] {
  const entries = streams.flatMap(({ labels, entries }) => entries.map((entry) => ({ labels, entry })));
  return entries.sort((a, b) => (a.entry.time < b.entry.time ? -1 : a.entry.time > b.entry.time ? 1 : 0));
}

/** What a client was sent as history: entries that came while the history was read must not be sent again. */
export class History {
  readonly #sent = new Map<string, number>();

  remember(entries: readonly TailEntry[]): void {
    for (const entry of entries) {
      const key = keyOf(entry);
      this.#sent.set(key, (this.#sent.get(key) ?? 0) + 1);
    }
  }

  /** True if the entry was part of the history; each counts once. */
  takes(entry: TailEntry): boolean {
    if (this.#sent.size === 0) return false;
    const key = keyOf(entry);
    const count = this.#sent.get(key) ?? 0;
    if (count === 0) return false;
    if (count === 1) this.#sent.delete(key);
    else this.#sent.set(key, count - 1);
    return true;
  }
}

function keyOf({ labels, entry: { time, line, categories } }: TailEntry): string {
  return JSON.stringify([String(time), Buffer.from(line).toString("latin1"), labels, categories]);
}
