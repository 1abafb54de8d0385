import type { ScanJob, ScanResult } from "../scan/job.ts";

/** A job on its way to a thread. */
export interface WorkerRequest {
  readonly job: ScanJob;
  /** One Int32 in shared memory; not 0 once the result is no longer wanted. */
  readonly cancelled: SharedArrayBuffer;
}

/** What comes back: a result, or an error as plain data. */
export type WorkerResponse =
  | { readonly result: ScanResult }
  | { readonly error: { readonly code: string; readonly message: string } };

/** Every buffer inside plain data, each once. */
export function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) buffersOf(inner, found);
  return found;
}

/** Lets go of all memory that plain data holds in buffers, at once: the garbage collector would see to it much later. */
export function freeBuffers(value: unknown): void {
  for (const buffer of buffersOf(value)) buffer.transfer(0);
}

/**
 * Plain data whose buffers can be sent away: bytes that are a part of a larger buffer, which others may read, are
 * copied, all into one, as each buffer that is sent costs more than its bytes.
 */
export function withOwnBytes<T>(value: T): T {
  const room = { bytes: new Uint8Array(partBytes(value)), used: 0 };
  return moved(value, room);
}

const isPart = (value: ArrayBufferView): boolean => value.byteLength !== value.buffer.byteLength;

function partBytes(value: unknown): number {
  if (value instanceof Uint8Array) return isPart(value) ? value.length : 0;
  if (ArrayBuffer.isView(value) || typeof value !== "object" || value === null) return 0;
  let bytes = 0;
  for (const inner of Object.values(value)) bytes += partBytes(inner);
  return bytes;
}

function moved<T>(value: T, room: { readonly bytes: Uint8Array; used: number }): T {
  if (ArrayBuffer.isView(value) && !isPart(value)) return value;
  if (value instanceof Uint8Array) {
    room.bytes.set(value, room.used);
    room.used += value.length;
    return room.bytes.subarray(room.used - value.length, room.used) as T;
  }
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  if (Array.isArray(value)) return value.map((inner: unknown) => moved(inner, room)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, moved(inner, room)])) as T;
}
