import type { Regex } from "@ratatosk/regex";
import type { Entry } from "../entry.ts";
import type { StageConfig } from "./build-stages.ts";
import { compileExpression } from "./expression.ts";
import { HeldLines } from "./held-lines.ts";
import { labelKey } from "./label-key.ts";
import type { Stage } from "./stage.ts";

export interface MultilineOptions {
  readonly firstLine: string;
  readonly maxLines?: number;
  readonly maxWaitMs?: number;
}

/** What is known of a label set: its last start line, and the lines that wait. */
interface Block {
  readonly first: Entry;
  readonly held: HeldLines;
  parts: Buffer[];
  bytes: number;
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
      this.#blocks.set(key, { first: entry, held: new HeldLines(), parts: [], bytes: 0, end: 0, lastMs: 0 });
    } else if (known === undefined) return emit(entry);
    this.#append(this.#blocks.get(key)!, entry);
  }

  flush(): void {
    for (const block of this.#blocks.values()) this.#letGo(block);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #append(block: Block, entry: Entry): void {
    if (!block.held.mayTake(entry)) this.#letGo(block);
    block.held.add(entry);
    block.parts.push(entry.bytes);
    block.bytes += entry.bytes.length + 1;
    block.end = entry.end;
    block.lastMs = this.#now();
    if (block.parts.length >= this.#maxLines || block.bytes > maxBlockBytes) this.#letGo(block);
  }

  /** Sends the lines that wait as one entry, which has labels, time and extracted values of the start line. */
  #letGo(block: Block): void {
    const { first, held, parts, end } = block;
    if (parts.length === 0) return;
    block.parts = [];
    block.bytes = 0;
    const bytes = joinLines(parts);
    if (bytes.length > 0) {
      const entry = first.copy(bytes);
      entry.extracted = new Map(first.extracted);
      entry.end = end;
      held.place(entry);
      this.#emit(entry);
    }
    held.release();
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
