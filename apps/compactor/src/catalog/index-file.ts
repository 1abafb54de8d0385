import type { IndexedSegment } from "@ratatosk/label-index";

/** What the compactor knows of an index file, which never changes. */
export interface IndexFile {
  readonly key: string;
  readonly tenant: string;
  readonly day: string;
  readonly modifiedMs: number;
  readonly segments: readonly IndexedSegment[];
  readonly replaces: readonly string[];
  readonly chunks: number;
  /** Bytes of the file and of the segments that it names, as stored. */
  readonly storedBytes: number;
  /** The earliest end of a chunk, unix nanoseconds; undefined where there are no chunks. */
  readonly oldestEnd: bigint | undefined;
}

/** The index files of one tenant and day. */
export interface DayFiles {
  readonly tenant: string;
  readonly day: string;
  /** Those that readers use, oldest first. */
  readonly live: readonly IndexFile[];
  /** Those that a live one replaces. */
  readonly dead: readonly IndexFile[];
  /** Keys of those that cannot be read: which segments they name is not known. */
  readonly unreadable: readonly string[];
}
