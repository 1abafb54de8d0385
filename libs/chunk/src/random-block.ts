import type { Block } from "@ratatosk/model";

/** A source of numbers below 1 that repeats for a seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A block of odd lines, times out of order and twice, and metadata that comes and goes. */
export function randomBlock(random: () => number, rows: number): Block {
  const below = (limit: number): number => Math.floor(random() * limit);
  const spread = 10 ** below(16);
  const deltas = Float64Array.from({ length: rows }, () => Math.min(below(spread), 2 ** 53 - 1));
  const lines = Array.from({ length: rows }, () => oddLine(below));
  return {
    count: rows,
    base: 1_700_000_000_000_000_000n + BigInt(below(1e9)),
    deltas,
    ...joinLines(lines),
    metadata: ["detected_level", "trace_id"].filter(() => random() < 0.7).map((name) => column(name, rows, below)),
  };
}

/** Lines and their offsets, as a block holds them. */
export function joinLines(lines: readonly Uint8Array[]): { lines: Uint8Array; offsets: Uint32Array } {
  const offsets = new Uint32Array(lines.length + 1);
  for (const [row, line] of lines.entries()) offsets[row + 1] = offsets[row]! + line.length + 1;
  const joined = new Uint8Array(offsets.at(-1)!).fill(0x0a);
  for (const [row, line] of lines.entries()) joined.set(line, offsets[row]);
  return { lines: joined, offsets };
}

function oddLine(below: (limit: number) => number): Uint8Array {
  const length = below(20) === 0 ? below(5000) : below(6) * below(30);
  const same = below(3) === 0 ? 97 : undefined;
  return Uint8Array.from({ length }, () => same ?? below(256));
}

function column(name: string, rows: number, below: (limit: number) => number): Block["metadata"][number] {
  const values = Array.from({ length: 1 + below(5) }, (_, at) => `${name} é ${at}`);
  return { name, values, index: Uint32Array.from({ length: rows }, () => below(values.length + 1)) };
}
