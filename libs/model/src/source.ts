import type { Extent } from "./block.ts";
import type { Labels } from "./labels.ts";
import type { Matcher } from "./matcher.ts";

/** Which streams and which time a query reads. Times are unix nanoseconds: `start` inclusive, `end` exclusive. */
export interface Selection {
  readonly tenant: string;
  readonly matchers: readonly Matcher[];
  readonly start: bigint;
  readonly end: bigint;
  /** Index objects that ingesters have just shipped: a store whose listing is cached must read these too. */
  readonly shipped?: readonly string[];
}

/**
 * A place that holds chunks: our own store, the memory of the ingesters, an old Loki bucket. A query reads all of
 * them through this door and drops entries that several return (same stream, time, line and metadata).
 */
export interface ChunkSource {
  /**
   * The chunks of the selected streams that may hold entries of the time range, from the index alone. What a source
   * pins for the result it lets go when `signal` aborts: whoever asks aborts it once done reading.
   */
  select(selection: Selection, signal: AbortSignal): Promise<SourceResult>;
  /** Label names of the streams selected; without matchers of all streams. Sorted. */
  labelNames(selection: Selection, signal: AbortSignal): Promise<string[]>;
  /** Values of one label. Sorted. */
  labelValues(name: string, selection: Selection, signal: AbortSignal): Promise<string[]>;
  /** Label sets of the streams selected. */
  series(selection: Selection, signal: AbortSignal): Promise<Labels[]>;
}

/** What a source has for a selection, and what it could not read. */
export interface SourceResult {
  readonly chunks: readonly Chunk[];
  readonly warnings: readonly string[];
  /** Index objects shipped lately, whose data the source may no longer hold itself (ingesters only). */
  readonly shipped?: readonly string[];
  /** How many ingesters answered. */
  readonly ingesters?: number;
}

/**
 * One stream's entries over a time range: a few blocks, known from the index, not yet read. An error "corrupt" or
 * "not_found" of `blocks`, `fetch` or decoding concerns this chunk alone: the answer goes on with a warning.
 */
export interface Chunk extends Extent {
  readonly labels: Labels;
  /** `formatLabels(labels)`: the stream's identity. */
  readonly stream: string;
  /**
   * True where an index knows times only to the millisecond, and counts and bytes roughly or not at all (0): the
   * numbers do for statistics, but a count has to read the blocks. What their blocks say of entries and times is exact.
   */
  readonly estimated?: true;
  /** Lies in the memory of an ingester. */
  readonly recent?: true;
  /** What it lies in with others, of which many are opened as fast as one when they are opened together. */
  readonly object?: string;
  /** Chunks of the same identity hold the same entries for ever; undefined where more or fewer may come. */
  readonly identity?: string;
  /** Entries per detected_level (`unknown` where there is none); undefined where the source does not know. */
  readonly levels?: Readonly<Record<string, number>>;
  /**
   * The blocks, oldest first. Reads headers at most (a count needs no more), and with `skip` what `mayContain` needs;
   * columns come with `fetch`. Throws corrupt or not_found where the chunk cannot be read.
   */
  blocks(signal: AbortSignal, skip?: boolean): Promise<readonly BlockRef[]>;
}

/** A block that has not been read. */
export interface BlockRef extends Extent {
  /** Lies in the memory of an ingester. */
  readonly recent?: true;
  /** Bytes that `fetch` of all columns would read from disk or network. */
  readonly storedBytes: number;
  /** False only if no line of the block can contain `needle`. True where there is no skip index or the needle is too short. */
  mayContain(needle: Uint8Array): boolean;
  /** Is unpacked as a whole for each reading, unless `fetch` is told that there are more. */
  readonly isPacked?: true;
  /**
   * Reads the wanted columns as they are stored. What comes back is the caller's: it can be transferred to a worker,
   * which decodes it. Throws corrupt or not_found.
   */
  fetch(want: Columns, signal: AbortSignal): Promise<StoredBlock>;
  /** Where it lies, for blocks that other processes can read as well as this one. */
  locate?(): BlockLocation;
}

/** A block's place in the object store, as plain JSON; `libs/store` writes and reads it. */
export interface BlockLocation {
  /** The object. */
  readonly key: string;
}

/**
 * A block still encoded: plain data and bytes, so that it can be posted to a worker. `format` says whose decoder opens
 * it: "columns" is `libs/chunk`, "loki" is `libs/loki-bucket`. Rows ascend by time once decoded.
 */
export interface StoredBlock {
  readonly format: "columns" | "loki";
}

/** The columns a query needs: timestamps come unless told otherwise, lines only with `lines`, `metadata` all or by name. */
export interface Columns {
  readonly lines: boolean;
  /** How long each line is, without the lines: fills a block's `offsets`. Lines bring their lengths. */
  readonly lengths?: boolean;
  /** What a sample of the lines has in common (`libs/patterns`), where that is kept; without times. */
  readonly patterns?: true;
  readonly metadata: "all" | readonly string[];
  /**
   * How often the query reads the block in all, where that is more than once: a source that has to unpack it whole does so
   * for the first, and keeps it for the others or until `signal` aborts.
   */
  readonly reads?: number;
}

export const allColumns: Columns = { lines: true, metadata: "all" };
