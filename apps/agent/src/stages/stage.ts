import type { Entry } from "../entry.ts";

/** A step of a pipeline. It changes entries in place, drops them (emits nothing), holds them back, or makes one of several. */
export interface Stage {
  process(entry: Entry, emit: (entry: Entry) => void): void;
  /** Where entries go that are let go later, by a timer or at `flush`. Called once, before the first entry. */
  connect?(emit: (entry: Entry) => void): void;
  /** A promise while it holds as much as it may. */
  ready?(): Promise<void> | undefined;
  /** Lets go of all it holds. */
  flush?(): void;
  close?(): void;
}

/** A stage that passes every entry on, changed or not. */
export const everyEntry = (change: (entry: Entry) => void): Stage => ({
  process(entry, emit) {
    change(entry);
    emit(entry);
  },
});
