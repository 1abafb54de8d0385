import type { CollectedLine } from "./lines-collector.ts";

/** The lines that lie at least an interval (nanoseconds) from the one kept before; all for an interval of 0. */
export function keepDistance(lines: readonly CollectedLine[], interval: bigint): readonly CollectedLine[] {
  if (interval <= 0n) return lines;
  let last: bigint | undefined;
  return lines.filter(({ time }) => {
    if (last !== undefined && distance(time, last) < interval) return false;
    last = time;
    return true;
  });
}

const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);
