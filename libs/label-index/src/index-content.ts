import type { Extent, Labels } from "@ratatosk/model";

/** A segment object that an index file names. */
export interface IndexedSegment {
  readonly key: string;
  /** Size of the object. */
  readonly bytes: number;
  /** Where its directory lies, so that a reader needs one ranged read for it. */
  readonly directory: { readonly offset: number; readonly length: number };
}

/** A chunk as the index knows it. */
export interface IndexedChunk extends Extent {
  readonly labels: Labels;
  /** Position in the index's `segments`. */
  readonly segment: number;
  /** Position in the segment's directory. */
  readonly ordinal: number;
  /** Entries per detected_level. */
  readonly levels: Readonly<Record<string, number>>;
}

/** Everything that an index file holds. */
export interface IndexContent {
  readonly segments: readonly IndexedSegment[];
  /** Keys of the index objects whose place this one takes. */
  readonly replaces: readonly string[];
  readonly chunks: readonly IndexedChunk[];
}

/** The sections of a file, in order. */
export const sectionNames = [
  "about",
  "symbolBytes",
  "symbolOffsets",
  "names",
  "valueStarts",
  "values",
  "postingStarts",
  "postingCounts",
  "postings",
  "seriesStarts",
  "seriesPairs",
  "chunkStarts",
  "chunkRefs",
  "chunkTimes",
  "chunkCounts",
] as const;
export type SectionName = (typeof sectionNames)[number];
