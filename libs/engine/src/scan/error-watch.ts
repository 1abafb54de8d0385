import { type Row, type RowLabel } from "@ratatosk/pipeline";
import { compareText } from "@ratatosk/model";
import type { SampleError } from "./job.ts";

/** Remembers the earliest sample that fails the query. */
export class ErrorWatch {
  error: SampleError | undefined;

  /** Sees a sample that lies in a window. */
  see(row: Row, time: number): void {
    if (row.error === "" || row.errorPreserved) return;
    if (this.error === undefined || time < this.error.time)
      this.error = { time, labels: { labels: sorted(row.labels()) } };
  }
}

const sorted = (labels: RowLabel[]): RowLabel[] => labels.sort((a, b) => compareText(a.name, b.name));
