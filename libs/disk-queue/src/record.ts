import { crc32 } from "node:zlib";

/** A record as it lies in the queue. */
export interface QueueRecord {
  readonly sequence: number;
  /** Unix milliseconds at which it was appended. */
  readonly timeMs: number;
  /** What the owner needs to know of the record without reading its body. */
  readonly head: Uint8Array;
  readonly body: Uint8Array;
}

/** The fixed part of a record. */
export interface RecordFrame {
  readonly headSum: number;
  readonly bodySum: number;
  readonly sequence: number;
  readonly timeMs: number;
  readonly headBytes: number;
  readonly bodyBytes: number;
}

/** A segment file begins with these 8 bytes; the last one is the format's version. */
export const segmentMagic = Buffer.from("RTKQUE\0\x01", "latin1");

/** Bytes of a record before its head. */
export const frameBytes = 32;

/**
 * Writes a record. All numbers are little endian; `head sum` covers everything from `sequence` to the end of the head.
 *   ┌──────────────┬──────────────┬──────────────┬───────────┬──────────────┬──────────────┬──────┬──────┐
 *   │ head sum u32 │ body sum u32 │ sequence f64 │ time f64  │ head len u32 │ body len u32 │ head │ body │
 *   └──────────────┴──────────────┴──────────────┴───────────┴──────────────┴──────────────┴──────┴──────┘
 */
export function encodeRecord(record: QueueRecord): readonly [frameAndHead: Buffer, body: Uint8Array] {
  const { head, body, sequence, timeMs } = record;
  const out = Buffer.allocUnsafe(frameBytes + head.length);
  out.writeUInt32LE(crc32(body), 4);
  out.writeDoubleLE(sequence, 8);
  out.writeDoubleLE(timeMs, 16);
  out.writeUInt32LE(head.length, 24);
  out.writeUInt32LE(body.length, 28);
  out.set(head, frameBytes);
  out.writeUInt32LE(crc32(out.subarray(4, frameBytes + head.length)), 0);
  return [out, body];
}

/** Reads the fixed part at the beginning of `bytes`, unverified. */
export function decodeFrame(bytes: Buffer): RecordFrame {
  return {
    headSum: bytes.readUInt32LE(0),
    bodySum: bytes.readUInt32LE(4),
    sequence: bytes.readDoubleLE(8),
    timeMs: bytes.readDoubleLE(16),
    headBytes: bytes.readUInt32LE(24),
    bodyBytes: bytes.readUInt32LE(28),
  };
}

/** True if frame and head are as they were written. */
export function isHeadIntact(frame: RecordFrame, frameAndHead: Buffer): boolean {
  return crc32(frameAndHead.subarray(4)) === frame.headSum;
}

/** True if the body is as it was written. */
export function isBodyIntact(frame: RecordFrame, body: Uint8Array): boolean {
  return crc32(body) === frame.bodySum;
}
