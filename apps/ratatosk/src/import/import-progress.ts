import { printSize } from "../client/print.ts";
import type { ImportCounts, Place } from "./importer.ts";

const width = 24;
const plainMs = 5000;
const terminalMs = 200;

/** How far an import is, on standard error: a bar on a terminal, else a line now and then. */
export class ImportProgress {
  readonly #beganMs = Date.now();
  #shownMs = 0;

  show({ entries, bytes }: ImportCounts, { unit, share }: Place): void {
    const now = Date.now();
    const isTerminal = process.stderr.isTTY;
    if (now - this.#shownMs < (isTerminal ? terminalMs : plainMs)) return;
    this.#shownMs = now;
    const bar = "#".repeat(Math.round(share * width)).padEnd(width, ".");
    const rate = bytes / Math.max((now - this.#beganMs) / 1000, 0.001);
    const done = `[${bar}] ${(share * 100).toFixed(0)}% ${unit}, ${entries} lines`;
    const line = `${done}, ${printSize(bytes)} at ${printSize(rate)}/s`;
    process.stderr.write(isTerminal ? `\r\x1b[K${line}` : `${line}\n`);
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  }
}
