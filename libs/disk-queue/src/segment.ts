import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { decodeFrame, frameBytes, isBodyIntact, isHeadIntact, segmentMagic, type QueueRecord } from "./record.ts";

/** One file of the queue. */
export interface Segment {
  readonly path: string;
  /** Sequence of its first record, which its name tells. */
  readonly first: number;
  /** Sequence of its last record; `first - 1` while it is empty. */
  last: number;
  bytes: number;
}

/** What was found at an offset of a segment. */
export type Found =
  | { readonly kind: "record"; readonly record: QueueRecord; readonly next: number }
  /** The frame tells where the next record begins, the body is damaged. */
  | { readonly kind: "damaged"; readonly sequence: number; readonly next: number }
  /** Nothing that can be read from here on. */
  | { readonly kind: "end"; readonly torn: boolean };

const suffix = ".queue";

export function segmentPath(directory: string, first: number): string {
  return join(directory, String(first).padStart(16, "0") + suffix);
}

/** The sequence in a segment's file name, undefined if it is none. */
export function segmentFirst(name: string): number | undefined {
  return /^\d{16}\.queue$/.test(name) ? Number(name.slice(0, 16)) : undefined;
}

/** Reads what lies at `offset`. Without `withBody` the record's body is empty and not verified. */
export async function readAt(file: FileHandle, offset: number, size: number, withBody: boolean): Promise<Found> {
  if (offset + frameBytes > size) return { kind: "end", torn: offset < size };
  const frameBuffer = await readExactly(file, offset, frameBytes);
  const frame = frameBuffer && decodeFrame(frameBuffer);
  const next = frame ? offset + frameBytes + frame.headBytes + frame.bodyBytes : 0;
  if (frame === undefined || next > size) return { kind: "end", torn: true };
  const head = await readExactly(file, offset, frameBytes + frame.headBytes);
  if (head === undefined || !isHeadIntact(frame, head)) return { kind: "end", torn: true };
  const record = { sequence: frame.sequence, timeMs: frame.timeMs, head: head.subarray(frameBytes) };
  if (!withBody) return { kind: "record", record: { ...record, body: new Uint8Array(0) }, next };
  const body = await readExactly(file, offset + frameBytes + frame.headBytes, frame.bodyBytes);
  if (body === undefined || !isBodyIntact(frame, body)) return { kind: "damaged", sequence: frame.sequence, next };
  return { kind: "record", record: { ...record, body }, next };
}

/** Opens a segment for reading; undefined if it does not begin with the magic. */
export async function openSegment(path: string): Promise<{ file: FileHandle; size: number } | undefined> {
  const file = await open(path, "r");
  const { size } = await file.stat();
  const magic = await readExactly(file, 0, segmentMagic.length);
  if (magic?.equals(segmentMagic)) return { file, size };
  await file.close();
  return undefined;
}

async function readExactly(file: FileHandle, offset: number, length: number): Promise<Buffer | undefined> {
  const bytes = Buffer.allocUnsafe(length);
  let got = 0;
  while (got < length) {
    const { bytesRead } = await file.read(bytes, got, length - got, offset + got);
    if (bytesRead === 0) return undefined;
    got += bytesRead;
  }
  return bytes;
}
