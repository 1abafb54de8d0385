import type { Entry } from "../entry.ts";
import type { StageConfig } from "./build-stages.ts";
import { heldLinesOf, type HeldLines } from "./held-lines.ts";
import { labelKey } from "./label-key.ts";
import type { Stage } from "./stage.ts";
import { readRfc3339 } from "./time-formats.ts";
import { Fudge } from "./timestamp.ts";

export interface CriOptions {
  readonly maxPartialLines?: number;
  readonly maxPartialLineSize?: number;
  readonly maxPartialLineSizeTruncate?: boolean;
}

const shape = /^(\S+?) (stdout|stderr) (\S+?) ([^]*)$/;
/** Parts of one line that wait for its end hold no more than this. */
const maxHeldBytes = 4 * 1024 * 1024;

/** Parts that wait for the end of their line. */
interface Held {
  readonly entry: Entry;
  readonly lines: HeldLines;
  text: string;
}

/** `cri`: lines of the container runtime interface, `TIME STREAM FLAG CONTENT`; parts (`P`) are joined. */
export function criStage(options: CriOptions = {}): StageConfig["build"] {
  const { maxPartialLines = 100, maxPartialLineSize = 0, maxPartialLineSizeTruncate = false } = options;
  const limit = maxPartialLineSizeTruncate && maxPartialLineSize > 0 ? maxPartialLineSize : undefined;
  return () => new Cri(maxPartialLines, limit);
}

class Cri implements Stage {
  readonly #maxHeld: number;
  readonly #maxBytes: number | undefined;
  readonly #held = new Map<string, Held>();
  readonly #fudge = new Fudge();
  #emit: (entry: Entry) => void = () => undefined;

  constructor(maxHeld: number, maxBytes: number | undefined) {
    this.#maxHeld = maxHeld;
    this.#maxBytes = maxBytes;
  }

  connect(emit: (entry: Entry) => void): void {
    this.#emit = emit;
  }

  process(entry: Entry, emit: (entry: Entry) => void): void {
    const match = shape.exec(entry.text);
    if (match === null) {
      this.#fudge.apply(entry);
      return emit(entry);
    }
    const [, time, stream, flags, content] = match as unknown as [string, string, string, string, string];
    entry.extracted.set("time", time).set("stream", stream).set("flags", flags).set("content", content);
    entry.labels.set("stream", stream);
    this.#setTime(entry, time);
    const key = labelKey(entry.labels);
    if (this.#held.get(key)?.lines.mayTake(entry) === false) this.#letGo(key);
    const held = this.#held.get(key);
    if (flags === "P") return this.#hold(key, held, entry, content);
    if (held === undefined) {
      entry.text = content;
      return emit(entry);
    }
    this.#held.delete(key);
    entry.text = this.#cut(held.text + content);
    held.lines.add(entry);
    held.lines.place(entry);
    emit(entry);
    held.lines.release();
  }

  flush(): void {
    for (const key of this.#held.keys()) this.#letGo(key);
  }

  #setTime(entry: Entry, text: string): void {
    const time = readRfc3339(text);
    if (time === undefined) return this.#fudge.apply(entry);
    entry.time = time;
    this.#fudge.remember(entry);
  }

  #hold(key: string, held: Held | undefined, entry: Entry, content: string): void {
    if (held !== undefined) {
      held.text = this.#cut(held.text + content);
      held.entry.end = entry.end;
      held.lines.add(entry);
      if (held.text.length > maxHeldBytes) this.#letGo(key);
      return;
    }
    if (this.#held.size >= this.#maxHeld) this.flush();
    this.#held.set(key, { entry, lines: heldLinesOf(entry), text: this.#cut(content) });
  }

  #letGo(key: string): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    this.#held.delete(key);
    const { entry, text, lines } = held;
    entry.text = text;
    lines.place(entry);
    this.#emit(entry);
    lines.release();
  }

  #cut(text: string): string {
    if (this.#maxBytes === undefined || Buffer.byteLength(text) <= this.#maxBytes) return text;
    return Buffer.from(text).subarray(0, this.#maxBytes).toString();
  }
}
