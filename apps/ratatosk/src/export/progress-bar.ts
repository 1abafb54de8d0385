import { printDuration } from "@ratatosk/config";
import { printSize } from "../client/print.ts";
import type { CursorState } from "./cursor.ts";

const width = 24;
const plainMs = 5000;
const terminalMs = 200;

/** How far an export is, on standard error: a bar on a terminal, else a line now and then. */
export class ProgressBar {
  readonly #beganMs = Date.now();
  readonly #from: { at: bigint; lines: number };
  #shownMs = 0;

  constructor({ at, lines }: CursorState) {
    this.#from = { at, lines };
  }

  show(state: CursorState): void {
    const now = Date.now();
    const isTerminal = process.stderr.isTTY;
    if (now - this.#shownMs < (isTerminal ? terminalMs : plainMs)) return;
    this.#shownMs = now;
    process.stderr.write(isTerminal ? `\r\x1b[K${this.#line(state)}` : `${this.#line(state)}\n`);
  }

  end({ lines, bytes, at }: CursorState, isInterrupted: boolean): void {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    const how = isInterrupted ? `stopped before ${new Date(Number(at / 1_000_000n)).toISOString()}: ` : "";
    process.stderr.write(`${how}${lines} lines, ${printSize(bytes)}\n`);
  }

  #line({ start, end, at, lines, bytes }: CursorState): string {
    const done = end > start ? Number(at - start) / Number(end - start) : 1;
    const seconds = (Date.now() - this.#beganMs) / 1000;
    const since = end > this.#from.at ? Number(at - this.#from.at) / Number(end - this.#from.at) : 1;
    const left = since > 0 ? printDuration(Math.round(seconds / since - seconds) * 1000) : "?";
    const bar = "#".repeat(Math.round(done * width)).padEnd(width, ".");
    const rate = Math.round((lines - this.#from.lines) / Math.max(seconds, 0.001));
    return `[${bar}] ${(done * 100).toFixed(0)}% ${lines} lines, ${printSize(bytes)}, ${rate} lines/s, ${left} left`;
  }
}
