/** Objects under keys like `fake/segments/2026-01-15/01JH.seg`. The memory, the filesystem and S3 pass the same suite. */
export interface ObjectStore {
  /** Two parts of an object with fewer bytes between them are sooner read as one than by a request more. */
  readonly gapBytes: number;
  /** Stores a whole object, replacing what was there; readers see the old or the new one, never a part. */
  put(key: string, body: Body): Promise<void>;
  /** The bytes of an object or of a part of it. Throws not_found; unavailable when the store does not answer. */
  get(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Uint8Array>;
  /** Size and time of an object, undefined when there is none. */
  stat(key: string): Promise<ObjectInfo | undefined>;
  /** All objects whose key begins with `prefix`, sorted by key. */
  list(prefix: string, signal?: AbortSignal): AsyncIterable<ObjectInfo>;
  /** The next parts of keys after `prefix`, up to a `/`: the tenants for "", the days for `fake/index/`. Sorted. */
  folders(prefix: string, signal?: AbortSignal): Promise<string[]>;
  /** Deletes; a key that is not there is no error. */
  delete(keys: readonly string[]): Promise<void>;
}

/** What is known of the bucket or directory of a store. */
export interface Place {
  /** It belongs to another program: it is an error where it does not exist, and it is not made. */
  readonly isForeign?: boolean;
}

/** The bytes of an object, whole or in pieces that follow each other. */
export type Body = Uint8Array | readonly Uint8Array[];

/** A part of an object; a negative offset counts from its end. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export interface ObjectInfo {
  readonly key: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
}
