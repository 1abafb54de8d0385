import { localRunner, QueryEngine, type ScanRunner } from "@ratatosk/engine";
import { blockOf } from "@ratatosk/engine/testing";
import { type MetricExpr, parse } from "@ratatosk/logql";
import { type Labels, RatatoskError } from "@ratatosk/model";
import { MemoryStore } from "@ratatosk/object-store";
import { createLogger, Registry } from "@ratatosk/observability";
import type { QuerierApi } from "@ratatosk/proto";
import { createStore, indexContent, sealBlock, StoreConfig, writeIndex, writeSegment } from "@ratatosk/store";
import { expect, test } from "vitest";
import { PeerEvents } from "./peer-events.ts";
import { type PeerQuerier, PeerScans } from "./peer-scans.ts";
import { ScanAnswers } from "./scan-answers.ts";

const start = 1_768_435_200_000_000_000n;
const { signal } = new AbortController();
const log = createLogger("silent");
const objects = new MemoryStore();
const stored = createStore({ config: StoreConfig.parse({}), objects, log, registry: new Registry() });
const answers: QuerierApi = new ScanAnswers({ store: stored, runner: localRunner });

/** A thousand lines of each of three apps, of which every seventh is an error. */
async function fill(): Promise<void> {
  const name = { tenant: "shop", day: "2026-01-15", id: "a" };
  const chunks = ["cart", "mail", "pay"].map(async (app) => {
    const labels: Labels = [["app", app]];
    const entries = Array.from({ length: 1000 }, (_, i) => ({
      time: start + BigInt(i) * 1_000_000_000n,
      line: `level=${i % 7 === 0 ? "error" : "info"} n=${i}`,
    }));
    return { labels, stream: `{app="${app}"}`, blocks: [await sealBlock(blockOf(entries))] };
  });
  const written = await writeSegment(objects, name, await Promise.all(chunks));
  await writeIndex(objects, name, indexContent([written]));
}
await fill();

/** Nothing is scanned here but what peers do not do. */
const noThreads: ScanRunner = { ...localRunner, concurrency: 0 };
const query = parse('sum by (app, level) (count_over_time({app=~".+"} | logfmt | n > 10 [1h]))') as MetricExpr;
const terms = { tenant: "shop", signal, timeoutMs: 0, maxSeries: 0, maxChunks: 0, maxStreams: 0 };
const ask = (engine: QueryEngine) => engine.instant(query, start + 1_800_000_000_000n, terms);
const alone = await ask(new QueryEngine({ source: stored }));

interface Peer extends PeerQuerier {
  asked: number;
}

const peer = (address: string, scan: QuerierApi["scan"]): Peer => ({
  address,
  asked: 0,
  scan(job, call) {
    this.asked++;
    return scan(job, call);
  },
});

const good = (address = "good"): Peer => peer(address, (job, call) => answers.scan(job, call));
const failing = (error: Error): QuerierApi["scan"] =>
  // eslint-disable-next-line require-yield
  async function* () {
    throw error;
  };
const unavailable = failing(new RatatoskError("unavailable", "gone"));

function sharing(peers: readonly Peer[], now = (): number => 0) {
  const registry = new Registry();
  const events = new PeerEvents(log, registry);
  const scans = new PeerScans({ peers: () => peers, jobsOfPeer: 2, patienceMs: 1000, events, now });
  return { scans, engine: new QueryEngine({ source: stored, runner: noThreads, peers: scans }), registry };
}

test("a peer does the work, and the answer and its cost are as if it had not", async () => {
  const one = good();
  const { result, stats } = await ask(sharing([one]).engine);
  expect([result, one.asked]).toEqual([alone.result, 1]);
  const { lines, bytes, blocksRead, compressedBytes, jobs } = alone.stats;
  expect(stats).toMatchObject({ lines, bytes, blocksRead, compressedBytes, jobs });
});

test("peers that have as little to do take turns", async () => {
  const peers = [good("a"), good("b"), good("c")];
  const { engine } = sharing(peers);
  for (const asked of [
    [1, 0, 0],
    [1, 1, 0],
    [1, 1, 1],
    [2, 1, 1],
  ]) {
    await ask(engine);
    expect(peers.map((one) => one.asked)).toEqual(asked);
  }
});

test.each([
  ["is gone", unavailable],
  ["is too slow", failing(new RatatoskError("timeout", "deadline exceeded"))],
  ["has enough to do", failing(new RatatoskError("unavailable", "the querier has enough to do"))],
  ["does not know such jobs", failing(new RatatoskError("bad_request", "not a job of a query"))],
  [
    "dies after a part of its answer",
    async function* (job: Uint8Array, call: Parameters<QuerierApi["scan"]>[1]) {
      for await (const part of answers.scan(job, call)) {
        yield part.subarray(0, 100);
        throw new RatatoskError("unavailable", "gone");
      }
    },
  ],
  [
    "answers with something else",
    async function* () {
      yield Buffer.from("something else");
    },
  ],
  [
    "answers without end",
    async function* () {
      for (;;) yield new Uint8Array(2 ** 24);
    },
  ],
])("where a peer %s another does its work, or this querier", async (_what, scan) => {
  const [bad, other] = [peer("bad", scan as QuerierApi["scan"]), good()];
  expect((await ask(sharing([bad, other]).engine)).result).toEqual(alone.result);
  expect([bad.asked, other.asked]).toEqual([1, 1]);
  expect((await ask(sharing([bad]).engine)).result).toEqual(alone.result);
});

test("a peer that failed is left in peace for a while", async () => {
  let now = 0;
  const bad = peer("bad", unavailable);
  const { engine, scans, registry } = sharing([bad], () => now);
  expect(scans.slots).toBe(2);
  for (const [time, asked, slots] of [
    [0, 1, 0],
    [4999, 1, 0],
    [5000, 2, 0],
  ] as const) {
    now = time;
    expect((await ask(engine)).result).toEqual(alone.result);
    expect([bad.asked, scans.slots]).toEqual([asked, slots]);
  }
  expect(await registry.metrics()).toContain('ratatosk_querier_shared_jobs_total{outcome="failed"} 2');
});

test("a query that is cancelled waits for no peer", async () => {
  const aborter = new AbortController();
  const hanging = peer("hanging", async function* (_job, call) {
    await new Promise((resolve) => {
      call.signal.addEventListener("abort", resolve);
      aborter.abort();
    });
    call.signal.throwIfAborted();
    yield new Uint8Array(0);
  });
  const { engine } = sharing([hanging, good()]);
  const answer = engine.instant(query, start, { ...terms, signal: aborter.signal });
  await expect(answer).rejects.toMatchObject({ code: "cancelled" });
});

test("a querier refuses more jobs than it can have under way, and those of other tenants", async () => {
  const jobs: Uint8Array[] = [];
  const recorder = peer("recorder", async function* (job) {
    jobs.push(job);
    yield Buffer.from("no result");
  });
  await ask(sharing([recorder]).engine);
  const stranger = answers.scan(jobs[0]!, { tenants: ["other"], signal });
  await expect(Array.fromAsync(stranger)).rejects.toMatchObject({ code: "forbidden" });
  const shop = { tenants: ["shop"], signal };
  const three = Array.from({ length: 3 }, () => Array.fromAsync(answers.scan(jobs[0]!, shop)));
  const settled = await Promise.allSettled(three);
  expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
});
