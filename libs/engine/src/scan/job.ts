import type { Grouping, LogExpr, Unwrap } from "@ratatosk/logql";
import type { Labels, QueryStats, StoredBlock } from "@ratatosk/model";
import type { SeriesLabels } from "@ratatosk/pipeline";
import type { PackedLabels } from "./packed-labels.ts";
import type { SparseChanges } from "./sparse-changes.ts";

/** Work that runs anywhere: on this thread, on another, on another machine. Plain data and bytes. */
export interface ScanJob {
  readonly log: LogExpr;
  readonly task: ScanTask;
  readonly pieces: readonly ScanPiece[];
}

/** Entries of one stream: those of the blocks whose time lies in [start, end), unix nanoseconds. */
export interface ScanPiece {
  readonly labels: Labels;
  readonly start: bigint;
  readonly end: bigint;
  /** In the order of the rows, as far as the blocks do not overlap; where they do, equal entries count once. */
  readonly blocks: readonly StoredBlock[];
}

export type ScanTask = LinesTask | CountTask | SamplesTask;

/** The newest (or oldest) lines that pass. */
export interface LinesTask {
  readonly kind: "lines";
  readonly forward: boolean;
  readonly limit: number;
}

/** How series are made of the labels that rows end with. */
export interface SeriesTask {
  readonly grouping?: Grouping;
  /** Nothing reads a label of the result. */
  readonly noLabels: boolean;
  readonly unwrap?: Unwrap;
  /** Also series of lines with an error have only the labels of the grouping. */
  readonly groupsErrors?: boolean;
  /** Rows carry all structured metadata, not only what the series are made of. */
  readonly allMetadata?: boolean;
}

/** Entries, or bytes of lines, in each window. */
export interface CountTask extends SeriesTask {
  readonly kind: "count";
  readonly of: "entries" | "bytes";
  readonly windows: Windows;
}

/** The unwrapped values, with their times. */
export interface SamplesTask extends SeriesTask {
  readonly kind: "samples";
  readonly windows: Windows;
}

/** Windows (end − length, end], where end = first + k × step for k below count. Lengths in nanoseconds. */
export interface Windows {
  /** Unix nanoseconds of the end of the first window, the offset already taken off. */
  readonly first: bigint;
  readonly step: number;
  readonly count: number;
  readonly length: number;
}

export type ScanResult = LinesResult | CountResult | SamplesResult;
export type ScanStats = Pick<
  QueryStats,
  "bytes" | "lines" | "metadataBytes" | "postFilterLines" | "duplicates" | "blocksRead" | "blocksDamaged"
>;

export interface LinesResult {
  readonly kind: "lines";
  /** In the direction of the task. */
  readonly times: BigInt64Array;
  readonly series: Uint32Array;
  /** Line i is `lines[offsets[i] … offsets[i + 1])`. */
  readonly lines: Uint8Array;
  readonly offsets: Uint32Array;
  /** Where the lines of each piece of the job end. */
  readonly pieceEnds: readonly number[];
  readonly table: PackedLabels;
  readonly stats: ScanStats;
}

export interface CountResult {
  readonly kind: "count";
  readonly table: PackedLabels;
  /** How the count of entries changes from one window to the next. */
  readonly entries: SparseChanges;
  /** The same of bytes; the entries themselves where the task counts entries. */
  readonly amounts: SparseChanges;
  readonly error: SampleError | undefined;
  readonly stats: ScanStats;
}

export interface SamplesResult {
  readonly kind: "samples";
  readonly table: PackedLabels;
  readonly series: Uint32Array;
  /** Nanoseconds after `windows.first`. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly error: SampleError | undefined;
  readonly stats: ScanStats;
}

/** The first sample inside a window whose line could not be processed; it fails the query. */
export interface SampleError {
  /** Nanoseconds after `windows.first`. */
  readonly time: number;
  readonly labels: SeriesLabels;
}
