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

/**
 * Plain data whose buffers can be sent away: bytes that are a part of a larger buffer, which others may read, are
 * copied.
 */
export function withOwnBytes<T>(value: T): T {
  if (ArrayBuffer.isView(value) && value.byteLength === value.buffer.byteLength) return value;
  if (value instanceof Uint8Array) return new Uint8Array(value) as T;
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  if (Array.isArray(value)) return value.map((inner: unknown) => withOwnBytes(inner)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withOwnBytes(inner)])) as T;
}
