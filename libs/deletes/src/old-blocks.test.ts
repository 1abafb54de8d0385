import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ColumnsBlock, decodeBlock } from "@ratatosk/chunk";
import { sampleBucket, sampleDay, sampleSource } from "@ratatosk/loki-bucket/testing";
import { allColumns } from "@ratatosk/model";
import { afterAll, expect, test } from "vitest";
import { type DeleteRequest, nothingYet } from "./delete-request.ts";
import { DeletesSource } from "./deletes-source.ts";

const directory = mkdtempSync(join(tmpdir(), "deletes-old-blocks-"));
afterAll(() => rmSync(directory, { recursive: true }));

const { signal } = new AbortController();
const startMs = Date.parse(sampleDay);
const request: DeleteRequest = {
  id: "aaaa0000",
  query: '{app=~".+"} |= "1"',
  startMs,
  endMs: startMs + 86_400_000,
  createdMs: startMs,
  state: "received",
  receipt: nothingYet,
};

test("lines of old Loki are hidden, and a block that is read several times is unpacked once", async () => {
  const { objects } = await sampleBucket();
  const old = sampleSource(objects, directory, { memoryBytes: 2 ** 20, diskBytes: 0 });
  const source = new DeletesSource(old, async () => [request]);
  const [start, end] = [request.startMs, request.endMs].map((ms) => BigInt(ms) * 1_000_000n) as [bigint, bigint];
  const { chunks } = await source.select({ tenant: "fake", matchers: [], start, end }, signal);
  const blocks = (await Promise.all(chunks.map((chunk) => chunk.blocks(signal)))).flat();
  expect(chunks.map(({ identity }) => identity)).toEqual(chunks.map(() => undefined));
  for (const block of blocks) {
    const readings = [1, 2, 3].map(() => block.fetch({ ...allColumns, reads: 3 }, signal));
    for (const stored of await Promise.all(readings)) {
      const { lines, count } = decodeBlock(stored as ColumnsBlock, allColumns);
      expect([Buffer.from(lines).includes("1"), count <= block.entries]).toEqual([false, true]);
    }
  }
  expect(blocks.length).toBeGreaterThan(0);
  expect(old.bucket.chunks.unpackedBlocks).toBe(blocks.length);
});
