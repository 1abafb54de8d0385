import type { Block } from "@ratatosk/model";
import { lineOf } from "@ratatosk/model";
import { bounds } from "./extent.ts";

/** The block with its rows ascending by time (rows of one time as they came) and exact duplicates dropped. */
export function sortBlock(block: Block): Block {
  if (strictlyAscends(block.deltas)) return block;
  const order = rowsByTime(block.deltas);
  const kept = withoutDuplicates(block, order);
  return ascends(order) && kept.length === block.count ? block : takeRows(block, kept);
}

/** Some rows of a block, in the order given, counted from the earliest of them. */
export function takeRows(block: Block, rows: Uint32Array): Block {
  const deltas = Float64Array.from(rows, (row) => block.deltas[row]!);
  const { min } = bounds(deltas);
  for (let at = 0; at < deltas.length; at++) deltas[at]! -= min;
  return {
    count: rows.length,
    base: block.base + BigInt(min),
    deltas,
    ...takeLines(block, rows),
    metadata: block.metadata.map(({ name, values, index }) => ({
      name,
      values,
      index: Uint32Array.from(rows, (row) => index[row]!),
    })),
  };
}

function takeLines({ lines, offsets }: Block, rows: Uint32Array): { lines: Uint8Array; offsets: Uint32Array } {
  const newOffsets = new Uint32Array(rows.length + 1);
  for (let at = 0; at < rows.length; at++)
    newOffsets[at + 1] = newOffsets[at]! + offsets[rows[at]! + 1]! - offsets[rows[at]!]!;
  const newLines = new Uint8Array(newOffsets.at(-1)!);
  for (let at = 0; at < rows.length; at++)
    newLines.set(lines.subarray(offsets[rows[at]!], offsets[rows[at]! + 1]), newOffsets[at]);
  return { lines: newLines, offsets: newOffsets };
}

function strictlyAscends(deltas: Float64Array): boolean {
  for (let row = 1; row < deltas.length; row++) if (deltas[row]! <= deltas[row - 1]!) return false;
  return true;
}

const ascends = (order: Uint32Array): boolean => order.every((row, at) => row === at);

function rowsByTime(deltas: Float64Array): Uint32Array {
  const order = Uint32Array.from(deltas.keys());
  for (let row = 1; row < deltas.length; row++)
    if (deltas[row]! < deltas[row - 1]!) return order.sort((a, b) => deltas[a]! - deltas[b]! || a - b);
  return order;
}

function withoutDuplicates(block: Block, order: Uint32Array): Uint32Array {
  const kept = new Uint32Array(order.length);
  let count = 0;
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && block.deltas[order[end]!] === block.deltas[order[start]!]) end++;
    if (end === start + 1) kept[count++] = order[start]!;
    else for (const row of distinct(block, order.subarray(start, end))) kept[count++] = row;
    start = end;
  }
  return kept.subarray(0, count);
}

/** Of rows with one time those that differ from all before them. */
function distinct(block: Block, rows: Uint32Array): number[] {
  const seen = new Set<string>();
  const kept: number[] = [];
  for (const row of rows) {
    const key = identity(block, row);
    if (!seen.has(key)) kept.push(row);
    seen.add(key);
  }
  return kept;
}

function identity(block: Block, row: number): string {
  const { buffer, byteOffset, byteLength } = lineOf(block, row);
  const metadata = block.metadata.map(({ index }) => index[row]).join(" ");
  return `${metadata}\n${Buffer.from(buffer, byteOffset, byteLength).toString("latin1")}`;
}
