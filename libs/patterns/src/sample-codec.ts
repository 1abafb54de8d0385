import { ByteReader, ByteWriter, type Fail } from "@ratatosk/bytes";
import type { SampledLevel, SampledPattern } from "./block-sample.ts";

/** A sample is hardly larger: patterns that do not fit are left out, those of fewest lines first. */
const mostBytes = 16 * 1024;
const bytesOfCount = 3;

/**
 * A block's sample.
 *   ┌─────────────────┬────────────────────────────────────────────────────────────────────────────────────────────┐
 *   │ levels <varint> │ levels × ( level <text>, lines <varint>, sampled <varint>, patterns <varint> × pattern )     │
 *   └─────────────────┴────────────────────────────────────────────────────────────────────────────────────────────┘
 *   pattern  template <text>, counts <varint> × ( bucket's distance from the one before, the first from 0 <varint>; lines <varint> )
 */
export function encodeSample(levels: readonly SampledLevel[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(1024);
  out.varint(levels.length);
  for (const [i, { level, lines, sampled, patterns }] of levels.entries()) {
    out.text(level);
    out.varint(lines);
    out.varint(sampled);
    const fitting = firstOf(patterns, (mostBytes * (i + 1)) / levels.length - out.length);
    out.varint(fitting.length);
    for (const pattern of fitting) encodePattern(pattern, out);
  }
  return out.written();
}

/** As many as fit. */
function firstOf(patterns: readonly SampledPattern[], bytes: number): readonly SampledPattern[] {
  let left = bytes;
  const end = patterns.findIndex(({ template, counts }) => (left -= template.length + counts.size * bytesOfCount) < 0);
  return end === -1 ? patterns : patterns.slice(0, end);
}

function encodePattern({ template, counts }: SampledPattern, out: ByteWriter): void {
  out.text(template);
  out.varint(counts.size);
  let before = 0;
  for (const bucket of Uint32Array.from(counts.keys()).sort()) {
    out.varint(bucket - before);
    out.varint(counts.get(bucket)!);
    before = bucket;
  }
}

/** What `encodeSample` wrote. Throws what `fail` makes. */
export function decodeSample(bytes: Uint8Array, fail: Fail): SampledLevel[] {
  const reader = new ByteReader(bytes, fail);
  const levels = Array.from({ length: reader.count() }, (): SampledLevel => {
    const level = reader.text();
    const [lines, sampled] = [reader.varint(), reader.varint()];
    return { level, lines, sampled, patterns: Array.from({ length: reader.count() }, () => decodePattern(reader)) };
  });
  reader.end();
  return levels;
}

function decodePattern(reader: ByteReader): SampledPattern {
  const template = reader.text();
  const counts = new Map<number, number>();
  let bucket = 0;
  for (let left = reader.count(); left > 0; left--) {
    bucket += reader.varint();
    counts.set(bucket, reader.varint());
  }
  return { template, counts };
}
