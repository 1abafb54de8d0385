import type { Labels } from "@ratatosk/model";

/** A series of an old index, and its chunks that touch the time asked for. */
export interface IndexedSeries {
  readonly labels: Labels;
  readonly chunks: readonly IndexedChunk[];
}

/** A chunk as an old index knows it. */
export interface IndexedChunk {
  /** The object's key, as in S3. */
  readonly key: string;
  /** Milliseconds, both inclusive; the entries lie between. */
  readonly fromMs: number;
  readonly throughMs: number;
  readonly crc: number;
  /** Number of entries; undefined in a boltdb index. */
  readonly entries?: number;
  /** Raw bytes to the nearest KiB; undefined in a boltdb index. */
  readonly bytes?: number;
}

/** Which series and time are wanted of an index file. */
export interface IndexQuery {
  readonly tenant: string;
  /** Milliseconds, both inclusive. */
  readonly fromMs: number;
  readonly throughMs: number;
  /** Whether a series is wanted; `equals` are names and values that it certainly has, for a quick look-up. */
  readonly matches: (labels: Labels) => boolean;
  readonly equals: readonly (readonly [name: string, value: string])[];
  /** One chunk of a series is enough: it is the labels that are asked for. */
  readonly oneChunk?: boolean;
}

/** An index file of old Loki, open. */
export interface IndexFile {
  select(query: IndexQuery): Iterable<IndexedSeries>;
  /** All chunks of a tenant, as often as the file names them. */
  chunks(tenant: string): Iterable<IndexedChunk>;
  close(): void;
}
