import type { LogExpr } from "@ratatosk/logql";
import { Pipeline } from "@ratatosk/pipeline";
import type { ScanTask } from "../scan/job.ts";
import { seriesPipeline } from "../scan/series-pipeline.ts";

/** The pipeline of a task as a plan needs it: which columns it reads, which texts a block must hold. */
export function pipelineOf(log: LogExpr, task: ScanTask): Pipeline {
  switch (task.kind) {
    case "lines":
      return new Pipeline(log.stages, { lineUse: "lines" });
    case "count":
      return seriesPipeline(log, task, task.of === "bytes" ? "lengths" : "none")[0];
    case "samples":
      return seriesPipeline(log, task, "none")[0];
  }
}
