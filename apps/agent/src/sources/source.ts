import type { Logger } from "@ratatosk/observability";
import type { FileEvents } from "../files/file-events.ts";
import type { FileReader } from "../files/file-reader.ts";
import type { LineScanner } from "../files/line-scanner.ts";
import type { TargetStatus } from "../files/file-targets.ts";
import type { Outlet } from "../lines.ts";
import type { Positions } from "../positions.ts";
import type { RelabelRule } from "../relabel.ts";
import type { TargetEvents } from "../target-events.ts";
import type { ReadClock } from "../time/instant.ts";
import type { SourceEvents } from "./source-events.ts";

/** What brings lines into the agent. */
export interface Source {
  start(): Promise<void>;
  /** Reads nothing more; what was read has been handed on. */
  stop(): Promise<void>;
  /** What `/targets` shows. */
  readonly status: readonly TargetStatus[];
  /** A directory has a new name in it (files only). */
  namesChanged?(directory: string): void;
  /** Directories that should be watched (files only). */
  readonly directories?: ReadonlySet<string>;
}

/** What sources share. */
export interface SourceParts {
  readonly job: string;
  readonly relabelRules: readonly RelabelRule[];
  readonly outlet: Outlet;
  readonly log: Logger;
  readonly positions: Positions;
  readonly fileEvents: FileEvents;
  readonly targetEvents: TargetEvents;
  readonly sourceEvents: SourceEvents;
  readonly reader: FileReader;
  readonly scanner: LineScanner;
  readonly clock: ReadClock;
  /** Resolves once everything handed on so far is durable. */
  durable(): Promise<void>;
}
