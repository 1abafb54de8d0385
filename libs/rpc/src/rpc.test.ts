import { type ColumnsBlock, decodeBlock, encodeBlock, extentOf, packColumn } from "@ratatosk/chunk";
import {
  allColumns,
  type Block,
  type BlockRef,
  type Chunk,
  type ChunkSource,
  type Columns,
  formatLabels,
  type Labels,
  RatatoskError,
  type Selection,
} from "@ratatosk/model";
import { contracts, type IngesterApi, type IngesterState, type ScanCall } from "@ratatosk/proto";
import { currentTrace, Registry, RequestMetrics, withTrace } from "@ratatosk/observability";
import { afterEach, expect, test, vi } from "vitest";
import {
  GrpcServer,
  IngesterClient,
  ingesterService,
  QuerierClient,
  querierService,
  type RpcService,
} from "./index.ts";
import { Stub } from "./stub.ts";

const everything: Selection = {
  tenant: "fake",
  matchers: [{ name: "app", op: "=~", value: ".+" }],
  start: 0n,
  end: 2n ** 62n,
};
const labels: Labels = [["app", "cart"]];

function block(lines: readonly string[]): Block {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  const offsets = new Uint32Array(lines.length + 1);
  for (const [i, line] of lines.entries()) offsets[i + 1] = offsets[i]! + Buffer.byteLength(line) + 1;
  const deltas = Float64Array.from(lines, (_, i) => i);
  return { count: lines.length, base: 1_700_000_000_000_000_001n, deltas, lines: bytes, offsets, metadata: [] };
}

function chunkOf(stored: ColumnsBlock): Chunk {
  const ref = { ...stored.extent, storedBytes: 100, mayContain: () => true, fetch: async () => stored };
  return { labels, stream: formatLabels(labels), ...stored.extent, levels: { error: 2 }, blocks: async () => [ref] };
}

class Ingester implements IngesterApi {
  readonly pushed: Uint8Array[] = [];
  readonly selections: Selection[] = [];
  chunks: Chunk[] = [];
  flushed = 0;
  tailEnded = Promise.withResolvers<void>();
  readonly source: ChunkSource = {
    select: async (selection) => {
      this.selections.push(selection);
      return { chunks: this.chunks, warnings: ["beware"], shipped: ["fake/index/a"] };
    },
    labelNames: async () => ["app"],
    labelValues: async (name) => [`${name}-value`],
    series: async () => [labels],
  };

  async push(batch: Uint8Array) {
    if (batch.length === 0) throw new RatatoskError("limit_exceeded", "too much", { status: 420 });
    this.pushed.push(Uint8Array.from(batch));
    return { refused: [{ status: 400, reason: "out_of_order", message: "no", entries: 1, bytes: 2 ** 33 }] as const };
  }

  async tail(_selection: unknown, signal: AbortSignal) {
    return this.#batches(signal);
  }

  async *#batches(signal: AbortSignal) {
    yield Buffer.from("first");
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    this.tailEnded.resolve();
  }

  async flush() {
    this.flushed++;
  }
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

let address = "";

async function serve(
  services: readonly RpcService[],
  isServing = (): boolean => true,
  metrics?: RequestMetrics,
): Promise<GrpcServer> {
  const shape = { address: "127.0.0.1", port: 0, maxMessageBytes: 2 ** 27, graceMs: 100 };
  const options = { ...shape, services, isServing, ...(metrics && { metrics }) };
  const server = new GrpcServer(options);
  await server.start();
  address = `127.0.0.1:${server.port}`;
  closers.push(() => server.stop());
  return server;
}

async function connected(
  ingester: Ingester,
  state = (): IngesterState => "ACTIVE",
  metrics?: RequestMetrics,
): Promise<IngesterClient> {
  const status = () => ({ id: "log", name: "host", state: state() });
  await serve([ingesterService(ingester, status)], () => state() === "ACTIVE", metrics);
  const client = new IngesterClient(address);
  closers.push(() => client.close());
  return client;
}

test.each([1, 127, 128, 16_383, 16_384, 3_000_000])("a batch of %d bytes arrives as it was sent", async (size) => {
  const ingester = new Ingester();
  const client = await connected(ingester);
  const batch = Uint8Array.from({ length: size }, (_, i) => i * 7);
  const { refused } = await client.push(batch);
  expect(Buffer.compare(ingester.pushed[0]!, batch)).toBe(0);
  expect(refused).toEqual([{ status: 400, reason: "out_of_order", message: "no", entries: 1, bytes: 2 ** 33 }]);
});

test("the ingester's work belongs to the trace of whoever asked", async () => {
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const seen: (string | undefined)[] = [];
  class Traced extends Ingester {
    override async push(batch: Uint8Array) {
      seen.push(currentTrace()?.traceparent);
      return super.push(batch);
    }
    override async flush() {
      seen.push(currentTrace()?.traceparent);
    }
  }
  const client = await connected(new Traced());
  await withTrace(traceparent, () => client.push(new Uint8Array(1)));
  await client.flush();
  expect(seen).toEqual([traceparent, undefined]);
});

test("what can be called is told to whoever asks for it", async () => {
  await connected(new Ingester());
  const stub = new Stub(address, contracts().reflection);
  const call = stub.duplex("ServerReflectionInfo");
  const ask = async (question: object): Promise<unknown> => {
    call.write(question);
    return new Promise((resolve) => call.once("data", resolve));
  };
  const services = ["ratatosk.v1.Ingester", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"];
  await expect(ask({ listServices: "" })).resolves.toMatchObject({
    listServicesResponse: { service: services.map((name) => ({ name })) },
  });
  const file = { fileDescriptorProto: [expect.any(Buffer)] };
  for (const fileContainingSymbol of ["ratatosk.v1.Ingester", "ratatosk.v1.Ingester.Push", "ratatosk.v1.Selection"])
    await expect(ask({ fileContainingSymbol })).resolves.toMatchObject({ fileDescriptorResponse: file });
  await expect(ask({ fileContainingSymbol: "other.Thing" })).resolves.toMatchObject({
    errorResponse: { errorCode: 5 },
  });
  call.end();
  stub.close();
});

test("an error keeps its code, its text and its HTTP status", async () => {
  const client = await connected(new Ingester());
  const error = await client.push(new Uint8Array()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "limit_exceeded", message: "too much", status: 420 });
});

test("a selection finds chunks, and their blocks come back byte for byte", async () => {
  const ingester = new Ingester();
  const stored = encodeBlock(block(["one", "zwei ü", ""]));
  ingester.chunks = Array.from({ length: 1201 }, () => chunkOf(stored));
  const client = await connected(ingester);
  const aborter = new AbortController();
  const { chunks, warnings, shipped } = await client.source.select(everything, aborter.signal);
  expect(ingester.selections).toEqual([everything]);
  expect([chunks.length, warnings, shipped]).toEqual([1201, ["beware"], ["fake/index/a"]]);
  const chunk = chunks[1200]!;
  expect(chunk).toMatchObject({ stream: '{app="cart"}', levels: { error: 2 }, ...stored.extent });
  const [ref] = await chunk.blocks(aborter.signal);
  const fetched = (await ref!.fetch(allColumns, aborter.signal)) as ColumnsBlock;
  const decoded = decodeBlock(fetched, allColumns);
  expect(extentOf(decoded)).toEqual(stored.extent);
  expect(Buffer.from(decoded.lines).toString()).toBe("one\nzwei ü\n\n");
  aborter.abort();
  await expect(ref!.fetch(allColumns, new AbortController().signal)).rejects.toMatchObject({ code: "cancelled" });
});

test.each<Columns>([
  { lines: true, metadata: ["level"] },
  { lines: false, lengths: true, metadata: "all" },
  { lines: false, metadata: [], patterns: true },
])("the columns wanted are asked for: %j", async (want) => {
  const ingester = new Ingester();
  const columns = [packColumn({ kind: "patterns", name: "", raw: Buffer.from("GET <_>") })];
  const stored: ColumnsBlock = { ...encodeBlock(block(["GET 1"])), columns };
  const wants: Columns[] = [];
  const chunk = chunkOf(stored);
  const [ref] = await chunk.blocks(new AbortController().signal);
  const fetch: BlockRef["fetch"] = async (wanted) => {
    wants.push(wanted);
    return stored;
  };
  ingester.chunks = [{ ...chunk, blocks: async () => [{ ...ref!, fetch }] }];
  const aborter = new AbortController();
  const { chunks } = await (await connected(ingester)).source.select(everything, aborter.signal);
  const [remote] = await chunks[0]!.blocks(aborter.signal);
  expect(await remote!.fetch(want, aborter.signal)).toMatchObject({ columns: [{ kind: "patterns", name: "" }] });
  expect(wants).toEqual([{ lengths: false, ...want }]);
  aborter.abort();
});

test("a reading ends at the ingester when the client lets go, and so does what it holds", async () => {
  const ingester = new Ingester();
  ingester.chunks = [chunkOf(encodeBlock(block(["one"])))];
  const registry = new Registry();
  const client = await connected(ingester, undefined, new RequestMetrics(registry));
  const underWay = async (): Promise<number[]> =>
    (await registry.getSingleMetric("loki_inflight_requests")!.get()).values.map(({ value }) => value);
  const aborter = new AbortController();
  await client.source.select(everything, aborter.signal);
  expect(await underWay()).toEqual([1]);
  aborter.abort();
  await vi.waitFor(async () => expect(await underWay()).toEqual([0]));
});

test("a block that cannot be read fails alone", async () => {
  const ingester = new Ingester();
  const good = chunkOf(encodeBlock(block(["x"])));
  const [ref] = await good.blocks(new AbortController().signal);
  const fetch = async (): Promise<never> => {
    throw new RatatoskError("corrupt", "bad block");
  };
  ingester.chunks = [{ ...good, blocks: async () => [{ ...ref!, fetch }] }, good];
  const client = await connected(ingester);
  const aborter = new AbortController();
  const { chunks } = await client.source.select(everything, aborter.signal);
  const refs = await Promise.all(chunks.map((chunk) => chunk.blocks(aborter.signal)));
  await expect(refs[0]![0]!.fetch(allColumns, aborter.signal)).rejects.toMatchObject({ code: "corrupt" });
  await expect(refs[1]![0]!.fetch(allColumns, aborter.signal)).resolves.toMatchObject({ format: "columns" });
  aborter.abort();
});

test("label names, values and series are asked for by name", async () => {
  const client = await connected(new Ingester());
  const { signal } = new AbortController();
  await expect(client.source.labelNames(everything, signal)).resolves.toEqual(["app"]);
  await expect(client.source.labelValues("env", everything, signal)).resolves.toEqual(["env-value"]);
  await expect(client.source.series(everything, signal)).resolves.toEqual([labels]);
});

test("a tail ends at the ingester when the client lets go", async () => {
  const ingester = new Ingester();
  const client = await connected(ingester);
  for await (const batch of await client.tail(everything, new AbortController().signal)) {
    expect(Buffer.from(batch).toString()).toBe("first");
    break;
  }
  await ingester.tailEnded.promise;
});

test("an ingester says what it does", async () => {
  let state: IngesterState = "JOINING";
  const client = await connected(new Ingester(), () => state);
  await expect(client.status()).resolves.toEqual({ id: "log", name: "host", state: "JOINING" });
  state = "ACTIVE";
  await expect(client.status()).resolves.toMatchObject({ state: "ACTIVE" });
});

test("a server that is not there is unavailable", async () => {
  const client = new IngesterClient("127.0.0.1:1");
  closers.push(() => client.close());
  await expect(client.status()).rejects.toMatchObject({ code: "unavailable" });
});

async function querier(scan: (job: Uint8Array, call: ScanCall) => AsyncIterable<Uint8Array>): Promise<QuerierClient> {
  await serve([querierService({ scan })]);
  const client = new QuerierClient(address);
  closers.push(() => client.close());
  return client;
}

const cart = { tenants: ["cart", "shop"], signal: new AbortController().signal };

test("a job arrives as it was sent, with its tenants, and its result comes back in parts", async () => {
  const seen: unknown[] = [];
  const part = (size: number): Uint8Array => new Uint8Array(size).fill(size & 0xff);
  const client = await querier(async function* (job, { tenants }) {
    seen.push([...job], tenants);
    for (const size of [0, 127, 2 ** 20]) yield part(size);
  });
  const parts = await Array.fromAsync(client.scan(new Uint8Array([1, 2, 3]), cart));
  expect(parts.map((bytes) => Buffer.compare(bytes, part(bytes.length)))).toEqual([0, 0, 0]);
  expect(parts.map(({ length }) => length)).toEqual([0, 127, 2 ** 20]);
  expect(seen).toEqual([
    [1, 2, 3],
    ["cart", "shop"],
  ]);
});

test.each([
  ["whoever asks lets go", (aborter: AbortController) => setTimeout(() => aborter.abort(), 50), {}],
  ["the deadline passes", () => undefined, { deadlineMs: 50 }],
])("a scan ends at the querier when %s", async (_when, begin, deadline) => {
  const ended = Promise.withResolvers<void>();
  const client = await querier(async function* (_job, { signal }) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    ended.resolve();
    yield new Uint8Array(1);
  });
  const aborter = new AbortController();
  begin(aborter);
  const parts = Array.fromAsync(client.scan(new Uint8Array(1), { ...cart, ...deadline, signal: aborter.signal }));
  await expect(parts).rejects.toMatchObject({ code: expect.stringMatching("cancelled|timeout") as string });
  await ended.promise;
});

test("a scan without a tenant is refused", async () => {
  const client = await querier(async function* (_job, { tenants }) {
    yield Buffer.from(tenants.join());
  });
  const parts = Array.fromAsync(client.scan(new Uint8Array(1), { ...cart, tenants: [] }));
  await expect(parts).rejects.toMatchObject({ code: "unauthenticated", message: "no org id" });
});

test("health can be asked, of services that there are, and watched", async () => {
  let isServing = false;
  const server = await serve([querierService({ scan: async function* () {} })], () => isServing);
  const stub = new Stub(address, contracts().health);
  closers.push(() => stub.close());
  const querierHealth = { service: "ratatosk.v1.Querier" };
  await expect(stub.unary("Check", querierHealth)).resolves.toEqual({ status: "NOT_SERVING" });
  await expect(stub.unary("Check", { service: "other" })).rejects.toMatchObject({ code: "not_found" });
  const told: string[] = [];
  const watch = async (question: object): Promise<void> => {
    for await (const { status } of stub.stream<{ status: string }>("Watch", question) as AsyncIterable<{
      status: string;
    }>) {
      told.push(status);
      if (told.length === 1) isServing = true;
      if (told.length === 2) void server.stop();
    }
  };
  await watch(querierHealth);
  expect(told).toEqual(["NOT_SERVING", "SERVING", "NOT_SERVING"]);
});

test("whether a querier takes work is known", async () => {
  const client = await querier(async function* () {});
  await expect(client.isServing()).resolves.toBe(true);
  const nobody = new QuerierClient("127.0.0.1:1");
  closers.push(() => nobody.close());
  await expect(nobody.isServing()).resolves.toBe(false);
});
