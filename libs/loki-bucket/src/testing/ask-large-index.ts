import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Selection } from "@ratatosk/model";
import { FilesystemStore } from "@ratatosk/object-store";
import { Bucket } from "../bucket.ts";
import { GapWatch } from "../gap-watch.ts";
import { LokiSource } from "../loki-source.ts";
import { readSchemaConfig } from "../schema-config.ts";

/**
 * Asks a bucket of one index, a directory, for one stream, walks all of one label value and asks for labels; prints the
 * counts and the peak of memory in MiB.
 */
const [store, directory, app] = process.argv.slice(2) as [string, string, string];
const day = { fromMs: Date.parse("2026-01-15"), throughMs: Date.parse("2026-01-16") - 1 };
const config = { from: "2020-01-01", store, schema: "v12", index: { prefix: "index_", period: "24h" } };
const bucket = new Bucket({
  name: "large",
  objects: new FilesystemStore(directory),
  periods: readSchemaConfig({ schema_config: { configs: [config] } }),
  cacheDirectory: join(directory, "cache"),
  indexCacheBytes: 2e9,
  chunkCacheBytes: 0,
  unpacked: { memoryBytes: 0, diskBytes: 0 },
});

const source = new LokiSource(bucket, {}, new GapWatch(bucket));
const { signal } = new AbortController();
const selectionOf = (name: string, value: string): Selection => ({
  tenant: "fake",
  matchers: [{ name, op: "=", value }],
  start: BigInt(day.fromMs) * 1_000_000n,
  end: BigInt(day.throughMs) * 1_000_000n,
});

async function streamsOf(pod: string): Promise<{ series: number; chunks: number }> {
  const { chunks } = await source.select(selectionOf("pod", pod), signal);
  return { series: new Set(chunks.map(({ stream }) => stream)).size, chunks: chunks.length };
}

async function allOf(value: string): Promise<{ series: number; chunks: number }> {
  const found = { series: 0, chunks: 0 };
  const query = { tenant: "fake", ...day, matches: () => true, equals: [["app", value]] } as const;
  for (const object of await bucket.indexObjects(day.fromMs, day.throughMs))
    await bucket.withIndex(object, async (index) => {
      for (const { labels, chunks } of index.select(query)) {
        if (!labels.some(([name, text]) => name === "app" && text === value)) continue;
        found.series++;
        found.chunks += chunks.length;
      }
    });
  return found;
}

const one = await streamsOf("pod-77");
const many = await allOf(app);
const labels = {
  series: (await source.series(selectionOf("app", app), signal)).length,
  values: (await source.labelValues("pod", selectionOf("env", "prod"), signal)).length,
};
// Not process.resourceUsage(): its peak includes that of the parent before this program was loaded.
const peakKiB = Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
process.stdout.write(JSON.stringify({ one, many, labels, peakMiB: peakKiB / 1024 }));
