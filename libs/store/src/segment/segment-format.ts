import type { ColumnsBlock } from "@ratatosk/chunk";
import { type Labels, RatatoskError } from "@ratatosk/model";

/** A chunk on its way into a segment. */
export interface SegmentChunk {
  readonly labels: Labels;
  /** `formatLabels(labels)` */
  readonly stream: string;
  /** At least one; oldest first, so that readers have them in order. */
  readonly blocks: readonly SegmentBlock[];
}

export interface SegmentBlock {
  readonly columns: ColumnsBlock;
  /** Entries per detected_level. */
  readonly levels: Readonly<Record<string, number>>;
  /** What tells whether the block can contain a text. */
  readonly skip?: Uint8Array;
}

/** Columns of one kind lie together, so that one ranged read serves them. In this order. */
export const regions = ["lines", "lengths", "metadata", "timestamps", "patterns", "skip"] as const;
export type Region = (typeof regions)[number];

export const magic = 0x534b5452; // "RTKS"
/** What is written. */
export const version = 3;
/** What is read. */
export const versions: readonly number[] = [1, 2, 3];
/** Before, segments had no patterns. */
export const firstWithPatterns = 3;
export const headerBytes = 8;
export const footerBytes = 32;
export const maxDirectoryBytes = 2 ** 28;

/** The error for a segment that cannot be read. */
export const corrupt =
  (key: string) =>
  (why: string): RatatoskError =>
    new RatatoskError("corrupt", `segment ${key}: ${why}`);
