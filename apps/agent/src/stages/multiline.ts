import type { Regex } from "@ratatosk/regex";
import { Entry } from "../entry.ts";
import type { StageConfig } from "./build-stages.ts";
import { compileExpression } from "./expression.ts";
import { labelKey } from "./label-key.ts";
import type { Stage } from "./stage.ts";
import type { Held } from "../origin.ts";

export interface MultilineOptions {
  readonly firstLine: string;
  readonly maxLines?: number;
  readonly maxWaitMs?: number;
}

/** What is known of a label set: its last start line, and the lines that wait. */
interface Block {
  readonly first: Entry;
  waiting: Waiting | undefined;
  lastMs: number;
}

/** Lines that wait to be joined, and where they begin. */
interface Waiting extends Held {
  readonly parts: Buffer[];
  readonly rest: number[];
  readonly given: number;
  bytes: number;
  end: number;
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

const waitingFor = ({ start, rest, end, given }: Entry): Waiting => ({
  start,
  rest: [...rest],
  parts: [],
  given,
  bytes: 0,
  end,
});

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
      this.#blocks.set(key, { first: entry, waiting: undefined, lastMs: 0 });
    } else if (known === undefined) return emit(entry);
    this.#append(this.#blocks.get(key)!, entry);
  }

  flush(): void {
    for (const block of this.#blocks.values()) this.#letGo(block);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** What consumers have from an earlier run is joined with nothing that they have not. */
  #append(block: Block, entry: Entry): void {
    if (block.waiting && block.waiting.given !== entry.given) this.#letGo(block);
    const { bytes, start, rest, end } = entry;
    if (block.waiting) block.waiting.rest.push(start, ...rest);
    else entry.origin.hold((block.waiting = waitingFor(entry)));
    const { waiting } = block;
    waiting.parts.push(bytes);
    waiting.bytes += bytes.length + 1;
    waiting.end = end;
    block.lastMs = this.#now();
    if (waiting.parts.length >= this.#maxLines || waiting.bytes > maxBlockBytes) this.#letGo(block);
  }

  /** Sends the lines that wait as one entry, which has labels, time and extracted values of the start line. */
  #letGo(block: Block): void {
    const { first, waiting } = block;
    if (waiting === undefined) return;
    block.waiting = undefined;
    const { origin } = first;
    const bytes = joinLines(waiting.parts);
    if (bytes.length > 0) {
      const entry = new Entry(origin, waiting.start, waiting.end, new Map(first.labels), bytes, first.time);
      entry.extracted = new Map(first.extracted);
      entry.metadata = [...first.metadata];
      entry.rest = waiting.rest;
      entry.given = waiting.given;
      this.#emit(entry);
    }
    origin.release(waiting);
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
