import { type BatchStream, encodeBatch } from "@ratatosk/chunk";
import { LimitsConfig } from "@ratatosk/config";
import { blockOf, type MemoryEntry, MemorySource } from "@ratatosk/engine/testing";
import { HttpServer } from "@ratatosk/http";
import { formatLabels, type Labels, type Selection } from "@ratatosk/model";
import { MemoryStore } from "@ratatosk/object-store";
import { createLogger, createRegistry } from "@ratatosk/observability";
import type { IngesterApi } from "@ratatosk/proto";
import type { Ingesters } from "@ratatosk/ring";
import { createStore, StoreConfig } from "@ratatosk/store";
import { afterEach, expect, test } from "vitest";
import { QuerierConfig } from "../config.ts";
import { createQuerier } from "../querier.ts";

const labels: Labels = [["app", "web"]];
const nowNanos = BigInt(Date.now()) * 1_000_000n;
const at = (seconds: number, line: string, metadata = {}): MemoryEntry => ({
  time: nowNanos + BigInt(seconds) * 1_000_000_000n,
  line,
  metadata,
});

/** Holds what a test pushes and tells those who tail. */
class Ingester implements IngesterApi {
  readonly source = new MemorySource([]);
  readonly #tails = new Set<(batch: Uint8Array) => void>();
  readonly gone = Promise.withResolvers<void>();

  push = async () => ({ refused: [] });
  flush = async () => {};

  store(...entries: MemoryEntry[]): BatchStream[] {
    this.source.add(labels, [blockOf(entries)]);
    return this.announce(...entries);
  }

  announce(...entries: MemoryEntry[]): BatchStream[] {
    const streams = [{ labels: formatLabels(labels), block: blockOf(entries) }];
    for (const tail of this.#tails) tail(encodeBatch({ tenant: "fake", streams }));
    return streams;
  }

  async tail(_selection: Omit<Selection, "start" | "end">, signal: AbortSignal) {
    const queue: Uint8Array[] = [];
    let wake = (): void => undefined;
    const tail = (batch: Uint8Array): void => {
      queue.push(batch);
      wake();
    };
    this.#tails.add(tail);
    const { gone } = this;
    return (async function* () {
      while (!signal.aborted) {
        yield* queue.splice(0);
        const news = new Promise<"news">((resolve) => (wake = () => resolve("news")));
        if ((await Promise.race([news, gone.promise])) !== "news") return;
      }
    })();
  }
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serving(
  members: readonly Ingester[],
  {
    limits = {},
    querier = {},
    query = '{app="web"}',
  }: { limits?: object; querier?: object; query?: string | undefined } = {},
): Promise<string> {
  const tenantLimits = LimitsConfig.parse(limits);
  const ingesters: Ingesters = {
    replicationFactor: members.length,
    members: () => members.map((api, i) => ({ id: String(i), api })),
    missing: () => [],
    replicas: () => [],
  };
  const log = createLogger("error");
  const registry = createRegistry({ version: "1", revision: "r", branch: "main" });
  const { routes, services } = createQuerier({
    config: QuerierConfig.parse({ max_concurrent: 1, ...querier }),
    log,
    registry,
    limits: { forTenant: () => tenantLimits },
    ingesters,
    recent: members[0]!.source,
    store: createStore({ config: StoreConfig.parse({}), objects: new MemoryStore(), log, registry }),
  });
  const server = new HttpServer({ routes, authEnabled: false, multiTenantQueries: false });
  const { port } = await server.listen(0, "127.0.0.1");
  closers.push(
    () => services[0]!.stop(),
    () => server.close(0),
  );
  return `ws://127.0.0.1:${port}/loki/api/v1/tail?query=${encodeURIComponent(query)}`;
}

/** A client that collects what it is sent. */
class Client {
  readonly lines: string[] = [];
  readonly dropped: unknown[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #socket: WebSocket;
  #wake = (): void => undefined;

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.addEventListener("message", ({ data }) => this.#receive(String(data)));
    this.closed = new Promise((resolve) =>
      this.#socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason })),
    );
    closers.push(() => this.#socket.close());
  }

  async until(count: number): Promise<string[]> {
    while (this.lines.length < count) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.lines;
  }

  #receive(text: string): void {
    const { streams, dropped_entries: dropped = [] } = JSON.parse(text) as {
      streams: { values: [string, string][] }[];
      dropped_entries?: unknown[];
    };
    for (const { values } of streams) this.lines.push(...values.map(([, line]) => line));
    this.dropped.push(...dropped);
    this.#wake();
  }
}

test("the newest of what is stored comes first, oldest line first, then what arrives", async () => {
  const ingester = new Ingester();
  ingester.store(at(-30, "a"), at(-20, "b"), at(-10, "c"));
  const client = new Client(`${await serving([ingester])}&limit=2`);
  expect(await client.until(2)).toEqual(["b", "c"]);
  ingester.store(at(-2, "d"), at(-1, "e"));
  expect(await client.until(4)).toEqual(["b", "c", "d", "e"]);
});

test("an entry that arrives while the history is read comes once", async () => {
  const ingester = new Ingester();
  const select = ingester.source.select.bind(ingester.source);
  ingester.source.select = async (selection) => {
    ingester.store(at(-5, "meanwhile"));
    ingester.source.select = select;
    return select(selection);
  };
  const client = new Client(await serving([ingester]));
  await client.until(1);
  ingester.store(at(-1, "later"));
  expect(await client.until(2)).toEqual(["meanwhile", "later"]);
});

test("what several replicas take comes once, and goes on when one of them is gone", async () => {
  const replicas = [new Ingester(), new Ingester(), new Ingester()];
  replicas[0]!.store(at(-9, "history"));
  const client = new Client(await serving(replicas));
  await client.until(1);
  for (const replica of replicas) replica.announce(at(-3, "one"), at(-2, "two"));
  expect(await client.until(3)).toEqual(["history", "one", "two"]);
  replicas[0]!.gone.resolve();
  for (const replica of replicas.slice(1)) replica.announce(at(-1, "three"));
  expect(await client.until(4)).toEqual(["history", "one", "two", "three"]);
});

test.each([
  { name: "a metric query", query: 'rate({app="web"}[1m])', reason: /^only log selector is supported$/ },
  { name: "a range that is too long", more: "&start=1600000000", reason: /^the query time range exceeds the limit/ },
  {
    name: "one that lasts too long",
    settings: { querier: { tail_max_duration: "300ms" } },
    reason: /^reached tail max duration limit$/,
  },
])("$name is closed with 1011 and its reason", async ({ query, more = "", settings = {}, reason }) => {
  const closed = await new Client((await serving([new Ingester()], { ...settings, query })) + more).closed;
  expect(closed).toEqual({ code: 1011, reason: expect.stringMatching(reason) });
});

test("one tail too many of a tenant is closed; the others go on", async () => {
  const ingester = new Ingester();
  ingester.store(at(-2, "x"));
  const url = await serving([ingester], { limits: { max_concurrent_tail_requests: 1 } });
  const first = new Client(url);
  await first.until(1);
  const reason = "max concurrent tail requests limit exceeded, count > limit (2 > 1)";
  expect(await new Client(url).closed).toEqual({ code: 1011, reason });
  ingester.store(at(-1, "y"));
  expect(await first.until(2)).toEqual(["x", "y"]);
});

test("when no ingester is left the client is told", async () => {
  const ingester = new Ingester();
  ingester.store(at(-1, "x"));
  const client = new Client(await serving([ingester]));
  await client.until(1);
  ingester.gone.resolve();
  expect(await client.closed).toEqual({ code: 1011, reason: "all ingesters closed the connection" });
});

test("a request that is no websocket is refused", async () => {
  const url = (await serving([new Ingester()])).replace("ws:", "http:");
  const answer = await fetch(url);
  expect([answer.status, await answer.text()]).toEqual([400, "Bad Request"]);
});
