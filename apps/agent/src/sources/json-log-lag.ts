import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { readRfc3339 } from "../stages/time-formats.ts";
import type { DockerCursor } from "./docker-cursor.ts";

/** Longer than any record: Docker cuts lines at 16 KiB, and escaping makes six bytes of one at most. */
const windowBytes = 256 * 1024;
const mostFiles = 100;
const time = /"time":"([^"]+)"\}$/;

/**
 * Bytes of a container's json-file log, rotated files (`.1`, `.2` …) included, that lie behind a cursor: found by the records'
 * times. Undefined where the file cannot be read from here.
 */
export function jsonLogLag(path: string, cursor: DockerCursor): number | undefined {
  let total = 0;
  for (let n = 0; n < mostFiles; n++) {
    const part = lagIn(n === 0 ? path : `${path}.${n}`, cursor);
    if (part === undefined) return n === 0 ? undefined : total;
    total += part.bytes;
    if (!part.isAllBehind) break;
  }
  return total;
}

function lagIn(path: string, cursor: DockerCursor): { bytes: number; isAllBehind: boolean } | undefined {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    const { size } = fstatSync(fd);
    const start = firstBehind(fd, size, cursor);
    return { bytes: size - start, isAllBehind: start === 0 };
  } finally {
    closeSync(fd);
  }
}

/** Where the first record behind the cursor begins: halves, then a window. */
function firstBehind(fd: number, size: number, cursor: DockerCursor): number {
  let [low, high] = [0, size];
  while (high - low > windowBytes) {
    const middle = low + Math.floor((high - low) / 2);
    const record = recordsFrom(fd, middle, false).next().value;
    if (record === undefined || record.at >= high || isBehind(record.text, cursor)) high = middle;
    else low = record.at;
  }
  for (const { at, text } of recordsFrom(fd, low, true)) if (isBehind(text, cursor)) return at;
  return size;
}

/** Whole records of a window, from the first line's beginning on where the window begins with one. */
function* recordsFrom(fd: number, from: number, isBeginning: boolean): Generator<{ at: number; text: string }> {
  const bytes = Buffer.allocUnsafe(2 * windowBytes);
  const read = bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from));
  let at = isBeginning ? 0 : read.indexOf("\n") + 1;
  if (!isBeginning && at === 0) return;
  for (let end = read.indexOf("\n", at); end >= 0; end = read.indexOf("\n", at)) {
    yield { at: from + at, text: read.subarray(Math.max(at, end - 64), end).toString() };
    at = end + 1;
  }
}

function isBehind(record: string, { seconds, nanos }: DockerCursor): boolean {
  const at = readRfc3339(time.exec(record)?.[1] ?? "");
  return at !== undefined && (at.seconds > seconds || (at.seconds === seconds && at.nanos > nanos));
}
