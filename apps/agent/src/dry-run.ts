import type { Writable } from "node:stream";
import type { Entry } from "./entry.ts";
import { type Lines, type Outlet } from "./lines.ts";
import { labelText } from "./push/client.ts";
import { addNanos, millisOf, type Instant } from "./time/instant.ts";

/** Prints entries in place of sending them: time, labels, line, with tabs between. */
export class DryRun implements Outlet {
  readonly #out: Writable;

  constructor(out: Writable) {
    this.#out = out;
  }

  lines({ labels, bytes, starts, ends, count, time }: Lines): void {
    for (let i = 0; i < count; i++) this.#print(addNanos(time, i), labels, bytes.subarray(starts[i], ends[i]));
  }

  entry({ time, labels, bytes }: Entry): void {
    this.#print(time, labels, bytes);
  }

  ready(): Promise<void> | undefined {
    if (!this.#out.writableNeedDrain) return undefined;
    return new Promise((resolve) => this.#out.once("drain", resolve));
  }

  #print(time: Instant, labels: ReadonlyMap<string, string>, line: Uint8Array): void {
    this.#out.write(`${timeText(time)}\t${labelText(labels, {})}\t${Buffer.from(line).toString()}\n`);
  }
}

const timeText = (time: Instant): string => {
  const seconds = new Date(Math.floor(millisOf({ seconds: time.seconds, nanos: 0 }))).toISOString().slice(0, 19);
  return `${seconds}.${String(time.nanos).padStart(9, "0")}Z`;
};
