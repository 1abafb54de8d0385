import type { LogExpr, Unwrap } from "@ratatosk/logql";
import { type LineUse, parserHints, Pipeline, SeriesTable } from "@ratatosk/pipeline";
import type { SeriesTask } from "./job.ts";

/** The pipeline of a range aggregation, which extracts what its series need, and the table of these series. */
export function seriesPipeline(log: LogExpr, task: SeriesTask, lineUse: LineUse): [Pipeline, SeriesTable] {
  const { grouping, noLabels, unwrap, groupsErrors = false, allMetadata = false } = task;
  const hints = parserHints(log.stages, { grouping, noLabels, unwrap });
  const pipeline = new Pipeline(log.stages, { hints, lineUse, allMetadata });
  const table = new SeriesTable({
    grouping: noLabels ? { without: false, labels: [] } : grouping,
    except: unwrapped(unwrap),
    groupsErrors,
  });
  return [pipeline, table];
}

const unwrapped = (unwrap: Unwrap | undefined): string | undefined => unwrap?.label;
