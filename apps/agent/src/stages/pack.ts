import { textOf } from "../entry.ts";
import { ReadClock } from "../time/instant.ts";
import { everyEntry } from "./stage.ts";
import type { StageConfig } from "./build-stages.ts";
import { goJson } from "./json-text.ts";

export interface PackOptions {
  readonly labels: readonly string[];
  readonly ingestTimestamp?: boolean;
}

/** `pack`: line and values into one JSON object, `{"app": …, "_entry": …}`; packed labels are removed. */
export function packStage({ labels, ingestTimestamp = true }: PackOptions): StageConfig["build"] {
  const names = [...new Set(labels)].sort();
  return ({ now }) => {
    const clock = new ReadClock(now);
    return everyEntry((entry) => {
      const rows: string[] = [];
      for (const name of names) {
        const value = textOf(entry.extracted.get(name));
        if (value === undefined) continue;
        rows.push(`${goJson(name)}:${goJson(value)}`);
        entry.labels.delete(name);
      }
      entry.text = `{${[...rows, `"_entry":${goJson(entry.text)}`].join(",")}}`;
      if (ingestTimestamp) entry.time = clock.take();
    });
  };
}
