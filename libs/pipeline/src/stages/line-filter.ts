import type { LineFilter } from "@ratatosk/logql";
import { lineTest } from "../line-match.ts";
import type { Stage } from "./stage.ts";

/** `|= "error"` after a stage that rewrites the line; the filters before such a stage run over whole blocks. */
export function lineFilterStage(filter: LineFilter): Stage {
  const test = lineTest(filter);
  return (row) => test(row.bytes, row.start, row.end);
}
