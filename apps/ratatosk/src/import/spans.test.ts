import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSample, sampleBucket } from "@ratatosk/loki-bucket/testing";
import { afterAll, expect, test } from "vitest";
import { spansOf, tablesTouched } from "./spans.ts";

const directory = mkdtempSync(join(tmpdir(), "spans-"));
afterAll(() => rmSync(directory, { recursive: true }));

const table = (fromMs: number, throughMs: number): { fromMs: number; throughMs: number } => ({ fromMs, throughMs });

test("spans are cut by the range, and each begins to count where the one before ended", () => {
  const tables = [table(0, 9), table(10, 19), table(30, 39), table(40, 49)];
  expect(spansOf(tables, { fromMs: 15, throughMs: 44 })).toEqual([
    { fromMs: 15, throughMs: 19, countsFromMs: -Infinity },
    { fromMs: 30, throughMs: 39, countsFromMs: 20 },
    { fromMs: 40, throughMs: 44, countsFromMs: 40 },
  ]);
  expect(spansOf(tables, { fromMs: 50, throughMs: 60 })).toEqual([]);
});

test("a chunk touches the days of its time, and not thousands, whatever its name says", async () => {
  const { objects } = await sampleBucket({ chunks: 0 });
  const day = 86_400_000;
  const hex = (ms: number): string => ms.toString(16);
  await objects.put(`fake/1/${hex(10 * day)}:${hex(12 * day)}:1`, new Uint8Array());
  const bucket = openSample(objects, directory);
  expect((await tablesTouched(bucket, "fake")).map(({ fromMs }) => fromMs / day)).toEqual([10, 11, 12]);
  await objects.put(`fake/1/0:${hex(8e15)}:1`, new Uint8Array());
  expect(await tablesTouched(bucket, "fake")).toHaveLength(100);
});
