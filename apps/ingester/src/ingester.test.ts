import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ColumnsBlock, decodeBatch, openColumn } from "@ratatosk/chunk";
import { type ChunkSource, RatatoskError } from "@ratatosk/model";
import { MemoryStore } from "@ratatosk/object-store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  batchOf,
  noon,
  type Rig,
  type RigOptions,
  type Row,
  rowsOf,
  signal,
  startRig,
  streamOf,
} from "./testing/rig.ts";

let directory: string;
const rigs: Rig[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ratatosk-ingester-"));
});
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.stop();
  await rm(directory, { recursive: true });
});

async function start(options: Partial<RigOptions> = {}): Promise<Rig> {
  const rig = await startRig({ directory, ...options });
  rigs.push(rig);
  return rig;
}

const second = 1_000_000_000n;
const day = 86_400n * second;
const rows = (count: number, from = noon): Row[] =>
  Array.from({ length: count }, (_, at) => [from + BigInt(at) * second, `line ${at}`, { detected_level: "info" }]);

/** Of each block whether it tells the pattern of its lines. */
async function patternsOf(source: ChunkSource): Promise<string[]> {
  const { chunks } = await source.select({ tenant: "fake", matchers: [], start: 0n, end: 2n ** 62n }, signal);
  const refs = (await Promise.all(chunks.map((chunk) => chunk.blocks(signal)))).flat();
  const want = { lines: false, metadata: [], patterns: true } as const;
  const blocks = (await Promise.all(refs.map((ref) => ref.fetch(want, signal)))) as ColumnsBlock[];
  return blocks.map(({ columns: [column] }) =>
    column === undefined ? "none" : /line <_>/.exec(Buffer.from(openColumn(column)).toString())![0],
  );
}

describe("what was pushed", () => {
  test("is visible once the push resolves, from memory, and after a flush from the store", async () => {
    const rig = await start();
    await rig.api.push(batchOf({ a: rows(100), b: rows(3) }));
    await rig.api.push(batchOf({ a: rows(50, noon + day) }));
    const before = await rowsOf(rig.api.source);
    expect(before).toHaveLength(153);
    await rig.api.flush();
    expect(await rowsOf(rig.api.source)).toEqual([]);
    expect(await rowsOf(rig.store)).toEqual(before);
    const { shipped } = await rig.api.source.select({ tenant: "fake", matchers: [], start: 0n, end: 1n }, signal);
    expect(shipped).toHaveLength(2);
    expect((await readdir(directory)).filter((name) => name.endsWith(".wal"))).toHaveLength(1);
  });

  test("tells its patterns, from memory open and closed, and from the store", async () => {
    const rig = await start({ config: { chunk_block_size: "10KB" } });
    for (const from of [0n, 1n, 2n]) await rig.api.push(batchOf({ a: rows(900, noon + from * 1000n * second) }));
    await rig.api.push(batchOf({ few: rows(100) }));
    const told = ["line <_>", "line <_>", "none"];
    expect(await patternsOf(rig.api.source)).toEqual(told);
    await rig.api.flush();
    expect(await patternsOf(rig.store)).toEqual(told);
  });

  test("comes back after a restart, in order, whatever order it came in, exact duplicates once", async () => {
    const first = await start();
    const mixed: Row[] = [
      [noon + 5n, "e"],
      [noon, "a"],
      [noon + 5n, "e"],
      [noon, "b"],
      [noon + 5n, "e", { id: "1" }],
    ];
    await first.api.push(batchOf({ a: mixed }));
    const expected = [
      `${streamOf("a")} ${noon} a []`,
      `${streamOf("a")} ${noon} b []`,
      `${streamOf("a")} ${noon + 5n} e [["id","1"]]`,
      `${streamOf("a")} ${noon + 5n} e []`,
    ];
    expect(await rowsOf(first.api.source)).toEqual(expected);
    await first.stop();
    const again = await start();
    expect(await rowsOf(again.api.source)).toEqual(expected);
    await again.api.flush();
    expect(await rowsOf(again.store)).toEqual(expected);
  });

  test("is cut into blocks, and selected by labels, tenant and time", async () => {
    const rig = await start({ config: { chunk_block_size: "1KB" } });
    for (let at = 0; at < 40; at++)
      await rig.api.push(batchOf({ a: rows(20, noon + BigInt(at) * 20n * second), b: rows(1) }));
    await rig.api.push(batchOf({ c: rows(1) }, undefined, "other"));
    const { chunks } = await rig.api.source.select(
      { tenant: "fake", matchers: [{ name: "app", op: "=", value: "a" }], start: noon, end: noon + 1n },
      signal,
    );
    expect(chunks).toHaveLength(1);
    expect((await chunks[0]!.blocks(signal)).length).toBeGreaterThan(2);
    expect(chunks[0]!.entries).toBe(800);
    const all = { tenant: "fake", matchers: [], start: 0n, end: 2n ** 62n };
    expect(await rig.api.source.labelValues("app", all, signal)).toEqual(["a", "b"]);
    expect(await rig.api.source.labelNames(all, signal)).toEqual(["app"]);
    expect(await rig.api.source.series({ ...all, tenant: "other" }, signal)).toEqual([[["app", "c"]]]);
    expect(await rig.api.source.series({ ...all, end: noon }, signal)).toEqual([]);
  });

  test("reaches those who tail its streams", async () => {
    const rig = await start();
    const aborter = new AbortController();
    const tail = await rig.api.tail(
      { tenant: "fake", matchers: [{ name: "app", op: "=", value: "a" }] },
      aborter.signal,
    );
    const iterator = tail[Symbol.asyncIterator]();
    await rig.api.push(batchOf({ a: rows(2), b: rows(2) }));
    const { value } = (await iterator.next()) as { value: Uint8Array };
    expect(decodeBatch(value).streams.map(({ labels }) => labels)).toEqual([streamOf("a")]);
    const end = iterator.next();
    aborter.abort();
    expect((await end).done).toBe(true);
  });
});

describe("a batch with an id", () => {
  test("is stored once, also after a restart and a flush", async () => {
    const batch = batchOf({ a: rows(5) }, { agent: "node-1", sequence: 7 });
    const rig = await start();
    await Promise.all([rig.api.push(batch), rig.api.push(batch)]);
    await rig.api.push(batch);
    expect(await rowsOf(rig.api.source)).toHaveLength(5);
    await rig.api.flush();
    await rig.api.push(batch);
    await rig.stop();
    const again = await start({ objects: rig.objects });
    await again.api.push(batch);
    expect(await rowsOf(again.api.source)).toEqual([]);
    await again.api.push(batchOf({ a: rows(5) }, { agent: "node-1", sequence: 8 }));
    expect(await rowsOf(again.api.source)).toHaveLength(5);
  });
});

describe("limits", () => {
  test("a line an hour behind the newest of its stream is refused, the others are stored", async () => {
    const rig = await start();
    await rig.api.push(batchOf({ a: [[noon, "newest"]] }));
    const batch = batchOf({
      a: [
        [noon - 3700n * second, "far behind"],
        [noon - 3500n * second, "near enough"],
      ],
    });
    expect(await rig.api.push(batch)).toEqual({
      refused: [
        {
          status: 400,
          reason: "too_far_behind",
          message:
            "entry with timestamp 2026-01-15 10:58:20 +0000 UTC ignored, reason: 'entry too far behind, entry timestamp is: 2026-01-15T10:58:20Z, oldest acceptable timestamp is: 2026-01-15T11:00:00Z',\n" +
            `user 'fake', total ignored: 1 out of 2 for stream: {app="a"}`,
          entries: 1,
          bytes: 10,
        },
      ],
    });
    const kept = await rowsOf(rig.api.source);
    expect(kept).toHaveLength(2);
    await rig.stop();
    const again = await start();
    expect(await rowsOf(again.api.source)).toEqual(kept);
    expect((await again.api.push(batch)).refused).toHaveLength(1);
  });

  test("a stream too many is refused", async () => {
    const rig = await start({ limits: { max_global_streams_per_user: 2 } });
    const { refused } = await rig.api.push(batchOf({ a: rows(1), b: rows(1), c: rows(2) }));
    expect(refused).toEqual([
      expect.objectContaining({
        status: 429,
        reason: "stream_limit",
        entries: 2,
        bytes: 12,
        message: expect.stringContaining(
          `maximum active stream limit exceeded when trying to create stream {app="c"}, reduce`,
        ) as string,
      }),
    ]);
    expect(await rowsOf(rig.api.source)).toHaveLength(2);
    const discarded = '{reason="stream_limit",tenant="fake",retention_hours="",policy="",format=""}';
    expect(await rig.registry.metrics()).toContain(`loki_discarded_samples_total${discarded} 2`);
  });

  test("a stream too fast is refused line by line", async () => {
    const limits = {
      per_stream_rate_limit: "1KB",
      per_stream_rate_limit_burst: "2KB",
      shard_streams: { enabled: false },
    };
    const rig = await start({ limits, now: () => 1e12 });
    const line = "x".repeat(1000);
    const { refused } = await rig.api.push(
      batchOf({
        fast: [
          [noon, line],
          [noon + 1n, line],
          [noon + 2n, line],
        ],
        slow: rows(1),
      }),
    );
    expect(refused).toEqual([
      expect.objectContaining({ status: 429, reason: "per_stream_rate_limit", entries: 1, bytes: 1000 }),
    ]);
    expect(refused[0]!.message).toContain(
      "reason: 'Per stream rate limit exceeded (limit: 1KB/sec) while attempting to ingest for stream '{app=\"fast\"}' totaling 1000B, consider",
    );
    expect(await rowsOf(rig.api.source)).toHaveLength(3);
  });
});

describe("trouble with the store", () => {
  class FailingStore extends MemoryStore {
    failures = 0;
    failing: (key: string) => boolean = () => false;
    override async put(key: string, body: Uint8Array): Promise<void> {
      if (this.failing(key)) {
        this.failures++;
        throw new RatatoskError("unavailable", "the store is away");
      }
      await super.put(key, body);
    }
  }

  test.each(["segments/2026-01-15", "index/2026-01-15", "segments/2026-01-16", "index/2026-01-16"])(
    "a write to %s that fails loses nothing and is made up for, by this process or the next",
    async (place) => {
      const objects = new FailingStore();
      const rig = await start({ objects });
      objects.failing = (key) => key.includes(place);
      await rig.api.push(batchOf({ a: [...rows(3), ...rows(3, noon + day)] }));
      const expected = await rowsOf(rig.api.source);
      await expect(rig.api.flush()).rejects.toMatchObject({ code: "unavailable" });
      await rig.api.push(batchOf({ b: rows(1) }));
      expect(await rowsOf(rig.api.source)).toHaveLength(7);
      await rig.stop();
      const again = await start({ objects });
      expect(await rowsOf(again.api.source)).toHaveLength(7);
      objects.failing = () => false;
      await again.api.flush();
      const stored = await rowsOf(again.store);
      expect(stored.filter((row) => row.includes('app="a"'))).toEqual(expected);
      expect(stored).toHaveLength(7);
      expect(await rowsOf(again.api.source)).toEqual([]);
    },
  );

  test("memory is bounded: pushes are refused while nothing can be shipped, and taken again afterwards", async () => {
    const objects = new FailingStore();
    objects.failing = () => true;
    const rig = await start({ objects, config: { memory_budget: "1MB", chunk_block_size: "64KB" } });
    const noise = (): string => Array.from({ length: 3000 }, () => Math.random().toString(36)).join("");
    const refused: unknown[] = [];
    for (let at = 0; at < 100 && refused.length === 0; at++)
      await rig.api.push(batchOf({ a: [[noon + BigInt(at), noise()]] })).catch((error: unknown) => refused.push(error));
    expect(refused).toEqual([expect.objectContaining({ code: "unavailable" })]);
    objects.failing = () => false;
    await rig.api.flush();
    await rig.api.push(batchOf({ a: [[noon + 1000n, "room again"]] }));
  });

  test("a full memory ships itself", async () => {
    const rig = await start({ config: { memory_budget: "256KB", chunk_block_size: "64KB" } });
    for (let at = 0; at < 60; at++)
      await rig.api.push(batchOf({ [`app-${at % 7}`]: rows(300, noon + BigInt(at) * 300n * second) }));
    while ((await rowsOf(rig.store)).length === 0) await sleep(10);
    await rig.api.flush();
    expect(await rowsOf(rig.store)).toHaveLength(18_000);
  });
});

test("batches that are none are refused", async () => {
  const rig = await start();
  await expect(rig.api.push(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: "corrupt" });
  const crooked = batchOf({ a: rows(1) });
  const text = Buffer.from(crooked.buffer, crooked.byteOffset, crooked.length);
  text.write("{app='a'}", text.indexOf("{app="));
  await expect(rig.api.push(crooked)).rejects.toMatchObject({ code: "bad_request" });
  expect(await rowsOf(rig.api.source)).toEqual([]);
});

test("what was shipped of late is told of after a restart too", async () => {
  const shipped = async ({ api }: Rig): Promise<readonly string[] | undefined> =>
    (await api.source.select({ tenant: "fake", matchers: [], start: 0n, end: 1n }, signal)).shipped;
  const first = await start();
  await first.api.push(batchOf({ a: rows(1) }));
  await first.api.flush();
  const before = await shipped(first);
  expect(before).toHaveLength(1);
  await first.stop();
  const second = await start();
  expect(await shipped(second)).toEqual(before);
  await second.api.push(batchOf({ b: rows(1) }));
  await second.api.flush();
  await second.stop();
  expect(await shipped(await start())).toHaveLength(2);
});
