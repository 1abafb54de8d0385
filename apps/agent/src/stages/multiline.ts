import type { Regex } from "@ratatosk/regex";
import { Entry } from "../entry.ts";
import type { StageConfig } from "./build-stages.ts";
import { compileExpression } from "./expression.ts";
import { labelKey } from "./label-key.ts";
import type { Stage } from "./stage.ts";

export interface MultilineOptions {
  readonly firstLine: string;
  readonly maxLines?: number;
  readonly maxWaitMs?: number;
}

/** What is known of a label set: its last start line, and the lines that wait. */
interface Block {
  readonly start: Entry;
  parts: Buffer[];
  bytes: number;
  /** Where the first waiting line begins and the last ends. */
  from: number;
  end: number;
  lastMs: number;
}

const maxBlockBytes = 4 * 1024 * 1024;
const maxBlocks = 10_000;
const newline = Buffer.from("\n");

/** `multiline`: joins lines up to the next start line, by label set. */
export function multilineStage({
  firstLine,
  maxLines = 128,
  maxWaitMs = 3000,
}: MultilineOptions): StageConfig["build"] {
  if (firstLine === "") throw new Error("multiline stage firstline regex must be defined");
  const regex = compileExpression(firstLine);
  return ({ now }) => new Multiline(regex, maxLines, maxWaitMs, now);
}

/** Empty lines before the first text leave no trace. */
function joinLines(parts: readonly Buffer[]): Buffer {
  const first = parts.findIndex((part) => part.length > 0);
  if (first < 0) return Buffer.alloc(0);
  return Buffer.concat(parts.slice(first).flatMap((part, i) => (i === 0 ? [part] : [newline, part])));
}

class Multiline implements Stage {
  readonly #regex: Regex;
  readonly #maxLines: number;
  readonly #maxWaitMs: number;
  readonly #now: () => number;
  readonly #blocks = new Map<string, Block>();
  #timer: NodeJS.Timeout | undefined;
  #emit: (entry: Entry) => void = () => undefined;

  constructor(regex: Regex, maxLines: number, maxWaitMs: number, now: () => number) {
    this.#regex = regex;
    this.#maxLines = maxLines;
    this.#maxWaitMs = maxWaitMs;
    this.#now = now;
  }

  connect(emit: (entry: Entry) => void): void {
    this.#emit = emit;
    this.#timer = setInterval(() => this.#expire(), Math.max(10, Math.min(this.#maxWaitMs / 4, 500)));
    this.#timer.unref();
  }

  process(entry: Entry, emit: (entry: Entry) => void): void {
    const key = labelKey(entry.labels);
    const known = this.#blocks.get(key);
    const isStart = this.#regex.test(entry.text);
    if (isStart) {
      if (known) this.#letGo(known);
      this.#forgetOld();
      this.#blocks.delete(key);
      this.#blocks.set(key, this.#open(entry));
    } else if (known === undefined) return emit(entry);
    else this.#append(known, entry);
    const block = this.#blocks.get(key)!;
    if (block.parts.length >= this.#maxLines || block.bytes > maxBlockBytes) this.#letGo(block);
  }

  flush(): void {
    for (const block of this.#blocks.values()) this.#letGo(block);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #open(start: Entry): Block {
    start.origin.hold(start.start);
    return {
      start,
      parts: [start.bytes],
      bytes: start.bytes.length,
      from: start.start,
      end: start.end,
      lastMs: this.#now(),
    };
  }

  #append(block: Block, { bytes, start, end, origin }: Entry): void {
    if (block.parts.length === 0) {
      origin.hold(start);
      block.from = start;
    }
    block.parts.push(bytes);
    block.bytes += bytes.length + 1;
    block.end = end;
    block.lastMs = this.#now();
  }

  /** Sends the lines that wait as one entry, which has labels, time and extracted values of the start line. */
  #letGo(block: Block): void {
    const { start, parts, from, end } = block;
    if (parts.length === 0) return;
    block.parts = [];
    block.bytes = 0;
    const bytes = joinLines(parts);
    if (bytes.length > 0) {
      const entry = new Entry(start.origin, from, end, new Map(start.labels), bytes, start.time);
      entry.extracted = new Map(start.extracted);
      entry.metadata = [...start.metadata];
      this.#emit(entry);
    }
    start.origin.release(from);
  }

  #expire(): void {
    const now = this.#now();
    for (const block of this.#blocks.values()) if (now - block.lastMs >= this.#maxWaitMs) this.#letGo(block);
  }

  #forgetOld(): void {
    if (this.#blocks.size < maxBlocks) return;
    const [key, oldest] = this.#blocks.entries().next().value!;
    this.#letGo(oldest);
    this.#blocks.delete(key);
  }
}
