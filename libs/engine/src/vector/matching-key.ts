import type { Matching } from "@ratatosk/logql";
import type { Labels } from "@ratatosk/model";
import { seriesKey } from "../series.ts";

/** The text that two series must share to be matched. An empty label counts as none. */
export function matchingKey(labels: Labels, matching: Matching | undefined): string {
  return seriesKey(
    labels.filter(([name, value]) => {
      if (value === "") return false;
      if (matching === undefined) return true;
      return matching.labels.includes(name) === (matching.kind === "on");
    }),
  );
}
