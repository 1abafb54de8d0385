import { closeSync, openSync, readFileSync } from "node:fs";

/** Descriptors that files to be read leave to the buffer, to servers and to pages. */
const kept = 64;

/** A descriptor for reading. Throws where files have taken as many as they may. */
export function openFile(path: string, limit = descriptorLimit()): number {
  const fd = openSync(path, "r");
  // The lowest free number is given, so it tells how many are in use.
  if (fd < limit - Math.min(kept, limit / 2)) return fd;
  closeSync(fd);
  throw new Error(`EMFILE: too many open files, the limit (ulimit -n) is ${limit}`);
}

let known: number | undefined;

function descriptorLimit(): number {
  const text = known === undefined ? readFileSync("/proc/self/limits", "utf8") : "";
  return (known ??= Number(/^Max open files\s+(\d+)/m.exec(text)?.[1] ?? Infinity));
}
