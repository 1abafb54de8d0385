import { textOf, type Entry } from "../entry.ts";
import { addNanos, type Instant } from "../time/instant.ts";
import { everyEntry } from "./stage.ts";
import type { StageConfig } from "./build-stages.ts";
import { labelKey } from "./label-key.ts";
import { timeReader } from "./time-formats.ts";

export interface TimestampOptions {
  readonly source: string;
  readonly format: string;
  readonly fallbackFormats?: readonly string[];
  readonly location?: string;
  readonly actionOnFailure?: string;
}

const maxRemembered = 10_000;

/** The last times by label set: what could not be read lies a nanosecond after the last that could. */
export class Fudge {
  readonly #last = new Map<string, Instant>();

  remember(entry: Entry): void {
    const key = labelKey(entry.labels);
    this.#last.delete(key);
    this.#last.set(key, entry.time);
    if (this.#last.size > maxRemembered) this.#last.delete(this.#last.keys().next().value!);
  }

  apply(entry: Entry): void {
    const last = this.#last.get(labelKey(entry.labels));
    if (last === undefined) return;
    entry.time = addNanos(last, 1);
    this.remember(entry);
  }
}

/** `timestamp`: the entry's time from an extracted value. */
export function timestampStage(options: TimestampOptions): StageConfig["build"] {
  const { source, format, fallbackFormats = [], location, actionOnFailure = "fudge" } = options;
  if (source === "") throw new Error("timestamp source value is required if timestamp is specified");
  if (format === "") throw new Error("timestamp format is required");
  if (actionOnFailure !== "fudge" && actionOnFailure !== "skip")
    throw new Error(`invalid action on failure (options are: skip, fudge): ${actionOnFailure}`);
  const readers = [format, ...fallbackFormats].map((one) => timeReader(one, location));
  return ({ now }) => {
    const fudge = actionOnFailure === "fudge" ? new Fudge() : undefined;
    return everyEntry((entry) => {
      const text = textOf(entry.extracted.get(source));
      const time = text === undefined ? undefined : firstOf(readers, (read) => read(text, now()));
      if (time === undefined) return fudge?.apply(entry);
      entry.time = time;
      fudge?.remember(entry);
    });
  };
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
