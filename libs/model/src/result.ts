import type { Labels } from "./labels.ts";

/** What a query answers. */
export type QueryResult = StreamsResult | MatrixResult | VectorResult | ScalarResult;

/** Lines, in streams of equal labels, sorted by their canonical text. */
export interface StreamsResult {
  readonly type: "streams";
  readonly streams: readonly ResultStream[];
}

export interface ResultStream {
  readonly labels: Labels;
  /** In the direction of the query. */
  readonly entries: readonly ResultEntry[];
}

/** A line that made it into the answer. */
export interface ResultEntry {
  /** Unix nanoseconds. */
  readonly time: bigint;
  readonly line: Uint8Array;
  /** Labels that do not belong to the stream; only where the answer is categorised. */
  readonly categories?: EntryCategories;
}

export interface EntryCategories {
  readonly structuredMetadata: Labels;
  readonly parsed: Labels;
}

/** Series of samples over time. */
export interface MatrixResult {
  readonly type: "matrix";
  readonly series: readonly MatrixSeries[];
}

export interface MatrixSeries {
  readonly labels: Labels;
  /** Unix milliseconds, ascending, one a value. */
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Samples at one instant. */
export interface VectorResult {
  readonly type: "vector";
  /** Unix milliseconds. */
  readonly time: number;
  readonly samples: readonly VectorSample[];
}

export interface VectorSample {
  readonly labels: Labels;
  readonly value: number;
}

/** One number without labels. */
export interface ScalarResult {
  readonly type: "scalar";
  /** Unix milliseconds. */
  readonly time: number;
  readonly value: number;
}
