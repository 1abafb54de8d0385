import { crc32 } from "node:zlib";

/**
 * A record. The checksum covers type and payload and starts from the file's seed, so that neither a record of another
 * file nor bytes that a client made up pass for one of this. The mark lets a reader find the next record after damage.
 *   ┌────────┬──────────────┬───────────┬───────────┬─────────┐
 *   │ "RcWa" │ length <u32> │ crc <u32> │ type <u8> │ payload │
 *   └────────┴──────────────┴───────────┴───────────┴─────────┘
 */
export interface WalRecord {
  readonly type: number;
  readonly payload: Uint8Array;
}

export const recordHeaderBytes = 13;

const mark = Buffer.from("RcWa");

/** The bytes that precede a record's payload. */
export function recordHeader({ type, payload }: WalRecord, seed: number): Uint8Array {
  const header = Buffer.allocUnsafe(recordHeaderBytes);
  mark.copy(header);
  header.writeUInt32LE(payload.length, 4);
  header.writeUInt32LE(checksum(type, payload, seed), 8);
  header[12] = type;
  return header;
}

/** What a scan meets: a record, or bytes that are none. */
export type Scanned =
  | { readonly kind: "record"; readonly record: WalRecord; readonly end: number }
  | { readonly kind: "damage"; readonly start: number; readonly end: number }
  /** Nothing valid follows: the writer was cut off here. */
  | { readonly kind: "torn"; readonly start: number };

/** The records of a file's bytes from `start` on. */
export function* scanRecords(bytes: Buffer, start: number, seed: number): Generator<Scanned> {
  for (let at = start; at < bytes.length;) {
    const record = recordAt(bytes, at, seed);
    if (record !== undefined) {
      at += recordHeaderBytes + record.payload.length;
      yield { kind: "record", record, end: at };
      continue;
    }
    const next = nextRecord(bytes, at + 1, seed);
    if (next === undefined) {
      yield { kind: "torn", start: at };
      return;
    }
    yield { kind: "damage", start: at, end: next };
    at = next;
  }
}

function recordAt(bytes: Buffer, at: number, seed: number): WalRecord | undefined {
  if (bytes.length - at < recordHeaderBytes || bytes.compare(mark, 0, 4, at, at + 4) !== 0) return undefined;
  const start = at + recordHeaderBytes;
  const end = start + bytes.readUInt32LE(at + 4);
  if (end > bytes.length) return undefined;
  const type = bytes[at + 12]!;
  const payload = bytes.subarray(start, end);
  return checksum(type, payload, seed) === bytes.readUInt32LE(at + 8) ? { type, payload } : undefined;
}

function nextRecord(bytes: Buffer, from: number, seed: number): number | undefined {
  for (let at = bytes.indexOf(mark, from); at !== -1; at = bytes.indexOf(mark, at + 1))
    if (recordAt(bytes, at, seed) !== undefined) return at;
  return undefined;
}

function checksum(type: number, payload: Uint8Array, seed: number): number {
  return crc32(payload, crc32(Uint8Array.of(type), seed));
}
