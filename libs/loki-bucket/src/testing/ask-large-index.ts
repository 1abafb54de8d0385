import { readFileSync } from "node:fs";
import { BoltIndex } from "../bolt-index.ts";
import type { IndexQuery } from "../table.ts";
import { TsdbIndex } from "../tsdb-index.ts";

/** Asks an index file for one stream and for all of one label value; prints the counts and the peak of memory in MiB. */
const [kind, path, app] = process.argv.slice(2) as [string, string, string];
const index = kind === "tsdb" ? new TsdbIndex(path, false) : new BoltIndex(path, 20_468);
const ask = (equals: IndexQuery["equals"]): { series: number; chunks: number } => {
  const matches: IndexQuery["matches"] = (labels) =>
    equals.every(([name, value]) => labels.some(([key, text]) => key === name && text === value));
  let [series, chunks] = [0, 0];
  for (const found of index.select({ tenant: "fake", fromMs: 0, throughMs: 4e12, matches, equals })) {
    series++;
    chunks += found.chunks.length;
  }
  return { series, chunks };
};
const one = ask([["pod", "pod-77"]]);
const many = ask([["app", app]]);
index.close();
// Not process.resourceUsage(): its peak includes that of the parent before this program was loaded.
const peakKiB = Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
process.stdout.write(JSON.stringify({ one, many, peakMiB: peakKiB / 1024 }));
