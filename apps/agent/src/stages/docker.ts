import { everyEntry } from "./stage.ts";
import type { StageConfig } from "./build-stages.ts";
import { parseObject } from "./json.ts";
import { textOf, type Extracted } from "../entry.ts";
import { readRfc3339 } from "./time-formats.ts";
import { Fudge } from "./timestamp.ts";

/**
 * `docker`: lines of Docker's json-file logs, `{"log": …, "stream": …, "time": …}`. As Alloy has it, a line without `log` stays
 * as it is, and every other gets the label `stream`, be it empty.
 */
export const dockerStage =
  (dialect: "promtail" | "alloy"): StageConfig["build"] =>
  () => {
    const isAlloy = dialect === "alloy";
    const fudge = new Fudge();
    return everyEntry((entry) => {
      const data: { log?: unknown; stream?: unknown; time?: unknown } | undefined = parseObject(entry.text);
      if (data === undefined || (isAlloy && !data.log)) return fudge.apply(entry);
      const output = scalar(data.log);
      const stream = scalar(data.stream);
      const time = scalar(data.time);
      entry.extracted.set("output", output).set("stream", stream).set("timestamp", time);
      if (typeof stream === "string") entry.labels.set("stream", stream);
      else if (isAlloy) entry.labels.set("stream", "");
      const at = typeof time === "string" ? readRfc3339(time) : undefined;
      if (at === undefined) fudge.apply(entry);
      else {
        entry.time = at;
        fudge.remember(entry);
      }
      const text = textOf(output);
      if (text !== undefined) entry.text = text;
    });
  };

const scalar = (value: unknown): Extracted =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
