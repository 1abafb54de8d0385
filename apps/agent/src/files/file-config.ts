/** How a job reads its files. Durations are milliseconds. */
export interface FileConfig {
  readonly job: string;
  /** An IANA name; undefined reads bytes as they are. */
  readonly encoding: string | undefined;
  readonly decompression: { readonly format: string; readonly initialDelayMs: number } | undefined;
  readonly minPollMs: number;
  readonly maxPollMs: number;
  readonly syncPeriodMs: number;
  /** Files without a position are read from their end. */
  readonly fromEnd?: boolean;
}

/** A line longer than this is handed on in pieces. */
export const maxLineBytes = 4 * 1024 * 1024;
