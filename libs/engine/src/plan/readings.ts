import { labelsTest } from "@ratatosk/label-index";
import type { Extent, Labels, Matcher } from "@ratatosk/model";
import { type TimeRange, touchedBy } from "./time-range.ts";

interface PartReadings {
  readonly matches: (labels: Labels) => boolean;
  readonly ranges: readonly TimeRange[];
}

/** What the parts of a query read, so that a source can keep what several of them need. */
export class Readings {
  readonly #parts = new Map<object, PartReadings>();

  /** A part is going to read these times, which ascend, of the streams selected, whatever was said of it before. */
  expect(part: object, matchers: readonly Matcher[], ranges: readonly TimeRange[]): void {
    this.#parts.set(part, { matches: labelsTest(matchers), ranges });
  }

  /** How often blocks of a stream are read; once where nothing is known. */
  ofStream(labels: Labels): (block: Extent) => number {
    const parts = Array.from(this.#parts.values()).filter(({ matches }) => matches(labels));
    return (block) => {
      const reads = parts.reduce((sum, { ranges }) => sum + [...touchedBy(block, ranges)].length, 0);
      return Math.max(1, reads);
    };
  }
}
