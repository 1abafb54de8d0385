import { gzipSync } from "node:zlib";
import { decodeBatch } from "@ratatosk/chunk";
import { LimitsConfig, type Limits } from "@ratatosk/config";
import { HttpServer } from "@ratatosk/http";
import { snappyCompress } from "@ratatosk/kernels";
import { lineOf, metadataOf, RatatoskError, timeOf } from "@ratatosk/model";
import { createLogger, Registry } from "@ratatosk/observability";
import type { IngesterApi, PushAnswer } from "@ratatosk/proto";
import type { IngesterMember, Ingesters } from "@ratatosk/ring";
import { afterEach, describe, expect, test } from "vitest";
import { DistributorConfig } from "./config.ts";
import { createDistributor } from "./distributor.ts";

const nowMs = Date.UTC(2026, 10, 25, 12);
const now = BigInt(nowMs) * 1_000_000n;
const secondsAgo = (seconds: number): string => String(now - BigInt(seconds) * 1_000_000_000n);

type Entry = [time: string, line: string, metadata: Record<string, string>];

/** Keeps what is pushed to it in memory; `answer` says what it answers. */
class MemoryIngester {
  readonly streams = new Map<string, Entry[]>();
  readonly ids: string[] = [];
  answer: () => Promise<PushAnswer> = async () => ({ refused: [] });

  readonly api = { push: (bytes: Uint8Array) => this.#push(bytes) } as unknown as IngesterApi;

  async #push(bytes: Uint8Array): Promise<PushAnswer> {
    const batch = decodeBatch(bytes);
    if (batch.id) this.ids.push(`${batch.id.agent}/${batch.id.sequence}`);
    const answer = await this.answer();
    for (const { labels, block } of batch.streams) {
      const entries = Array.from({ length: block.count }, (_, row): Entry => {
        const line = Buffer.from(lineOf(block, row)).toString();
        return [String(timeOf(block, row)), line, Object.fromEntries(metadataOf(block, row))];
      });
      this.streams.set(labels, [...(this.streams.get(labels) ?? []), ...entries]);
    }
    return answer;
  }
}

interface Setup {
  readonly ingesters: MemoryIngester[];
  readonly registry: Registry;
  readonly post: (path: string, body: string | Uint8Array, headers?: Record<string, string>) => Promise<Response>;
  readonly push: (values: unknown[], stream?: Record<string, string>) => Promise<Response>;
}

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

async function distributor(
  limits: Partial<Record<keyof Limits, unknown>> = {},
  { config = {}, count = 1, factor = 1 }: { config?: object; count?: number; factor?: number } = {},
): Promise<Setup> {
  const ingesters = Array.from({ length: count }, () => new MemoryIngester());
  const members: IngesterMember[] = ingesters.map(({ api }, i) => ({ id: `ingester-${i}`, api }));
  const ring: Ingesters = {
    replicationFactor: factor,
    members: () => members,
    missing: () => [],
    replicas: (_, stream) => (stream.includes("elsewhere") ? members.slice(0, factor) : members.slice(-factor)),
  };
  const parsed = LimitsConfig.parse(limits);
  const registry = new Registry();
  const { routes } = createDistributor({
    config: DistributorConfig.parse(config),
    log: createLogger("silent"),
    registry,
    limits: { forTenant: () => parsed },
    ingesters: ring,
    nowMs: () => nowMs,
  });
  const server = new HttpServer({ routes, authEnabled: false, multiTenantQueries: false });
  const { port } = await server.listen(0, "127.0.0.1");
  close = () => server.close(100);
  const post: Setup["post"] = (path, body, headers = { "Content-Type": "application/json" }) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: "POST",
      body: typeof body === "string" ? body : new Uint8Array(body),
      headers,
    });
  const push: Setup["push"] = (values, stream = { app: "cart" }) =>
    post("/loki/api/v1/push", JSON.stringify({ streams: [{ stream, values }] }));
  return { ingesters, registry, post, push };
}

const cart = '{app="cart", service_name="cart"}';
const level = (detected_level: string): Record<string, string> => ({ detected_level });

describe("what is stored of a push", () => {
  test("lines with their level, under labels with a service name", async () => {
    const { push, ingesters } = await distributor();
    const response = await push([
      [secondsAgo(5), "level=warn disk full"],
      [secondsAgo(4), "x", { "trace.id": "4bf", level: "ERR", none: "" }],
      [secondsAgo(3), "y", { "trace.id": "4bf" }],
    ]);
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(Object.fromEntries(ingesters[0]!.streams)).toEqual({
      [cart]: [
        [secondsAgo(5), "level=warn disk full", level("warn")],
        [secondsAgo(4), "x", { trace_id: "4bf", level: "ERR", detected_level: "error" }],
        [secondsAgo(3), "y", { trace_id: "4bf", detected_level: "unknown" }],
      ],
    });
  });

  test("entries years apart", async () => {
    const { push, ingesters } = await distributor({ reject_old_samples: false });
    const times = ["-1", secondsAgo(1), "5", secondsAgo(2)];
    expect((await push(times.map((time) => [time, time]))).status).toBe(204);
    expect(ingesters[0]!.streams.get(cart)!.map(([time, line]) => [time, line])).toEqual(times.map((t) => [t, t]));
  });

  test("metadata of so many names that a block of all would be mostly empty", async () => {
    const { push, ingesters } = await distributor();
    const values = Array.from({ length: 3000 }, (_, i) => [secondsAgo(1), `line ${i}`, { [`name_${i}`]: `v${i}` }]);
    expect((await push(values)).status).toBe(204);
    const stored = ingesters[0]!.streams.get(cart)!;
    expect(stored.map(([, line]) => line)).toEqual(values.map(([, line]) => line));
    expect(stored[2999]![2]).toEqual({ name_2999: "v2999", detected_level: "unknown" });
  });

  test("twenty thousand streams", async () => {
    const { post, ingesters } = await distributor();
    const streams = Array.from({ length: 20_000 }, (_, i) => ({
      stream: { i: String(i) },
      values: [[secondsAgo(1), "x"]],
    }));
    expect((await post("/loki/api/v1/push", JSON.stringify({ streams }))).status).toBe(204);
    expect(ingesters[0]!.streams.size).toBe(20_000);
  });

  test("snappy protobuf, also gzipped", async () => {
    const { post, ingesters } = await distributor();
    const time = Buffer.concat([Buffer.from([0x08]), varint(BigInt(nowMs / 1000))]);
    const entry = Buffer.concat([sized(1, time), sized(2, Buffer.from("x"))]);
    const body = snappyCompress(sized(1, Buffer.concat([sized(1, Buffer.from('{app="cart"}')), sized(2, entry)])));
    const headers = { "Content-Type": "application/x-protobuf" };
    expect((await post("/loki/api/v1/push", body, headers)).status).toBe(204);
    const zipped = await post("/loki/api/v1/push", gzipSync(body), { ...headers, "Content-Encoding": "gzip" });
    expect(zipped.status).toBe(204);
    expect(ingesters[0]!.streams.get(cart)).toHaveLength(2);
  });

  test("lines cut to size, with a mark", async () => {
    const { push, ingesters, registry } = await distributor({
      max_line_size: 20,
      max_line_size_truncate: true,
      max_line_size_truncate_identifier: "[cut]",
    });
    await push([
      [secondsAgo(5), "12345678901234567890"],
      [secondsAgo(4), "123456789012345678901"],
    ]);
    expect(ingesters[0]!.streams.get(cart)!.map(([, line]) => line)).toEqual([
      "12345678901234567890",
      "123456789012345[cut]",
    ]);
    expect(await registry.metrics()).toContain('loki_mutated_samples_total{reason="line_too_long",tenant="fake"} 1');
  });

  test("equal times stepped apart where that is asked for", async () => {
    const { push, ingesters } = await distributor({ increment_duplicate_timestamp: true });
    const same = now - 1n;
    await push(["a", "b", "b", "c"].map((line) => [String(same), line]));
    expect(ingesters[0]!.streams.get(cart)!.map(([time]) => BigInt(time) - same)).toEqual([0n, 1n, 1n, 2n]);
  });

  test("fields found in lines and metadata", async () => {
    const { push, ingesters } = await distributor({
      discover_generic_fields: { fields: { ticket: ["ticket_id", "meta.ticket"], zone: ["az"] } },
    });
    await push([
      [secondsAgo(5), '{"ticket_id":"T1","az":"eu"}'],
      [secondsAgo(4), '{"meta":{"ticket":"T2"}}'],
      [secondsAgo(3), "ticket_id=T3 az=us"],
      [secondsAgo(2), "plain", { az: "asia" }],
      [secondsAgo(1), "nothing"],
    ]);
    const found = ingesters[0]!.streams.get(cart)!.map(([, , { ticket, zone }]) => [ticket, zone]);
    expect(found).toEqual([
      ["T1", "eu"],
      ["T2", undefined],
      ["T3", "us"],
      [undefined, "asia"],
      [undefined, undefined],
    ]);
  });

  test("the id of the batch", async () => {
    const { post, ingesters } = await distributor();
    const headers = { "Content-Type": "application/json", "X-Ratatosk-Batch": "node/1/42" };
    const body = JSON.stringify({ streams: [{ stream: {}, values: [[secondsAgo(1), "x"]] }] });
    expect((await post("/loki/api/v1/push", body, headers)).status).toBe(204);
    expect(ingesters[0]!.ids).toEqual(["node/1/42"]);
  });
});

describe("a push is refused in part", () => {
  test.for<[string, Partial<Limits>, unknown, Record<string, string>, string]>([
    [
      "for an old entry",
      {},
      [secondsAgo(8 * 86_400), "old"],
      { app: "cart" },
      `entry for stream '${cart}' has timestamp too old: 2026-11-17T12:00:00Z, oldest acceptable timestamp is: 2026-11-18T12:00:00Z`,
    ],
    [
      "for an entry without time",
      { reject_old_samples: false },
      [],
      { app: "cart" },
      `entry for stream '${cart}' has timestamp too old: 0001-01-01T00:00:00Z, oldest acceptable timestamp is: 1677-09-21T00:12:45Z`,
    ],
    [
      "for an entry of the future",
      {},
      [secondsAgo(-900), "new"],
      { app: "cart" },
      `entry for stream '${cart}' has timestamp too new: 2026-11-25T12:15:00Z`,
    ],
    [
      "for a long line",
      { max_line_size: 3 },
      [secondsAgo(1), "äé"],
      { app: "cart" },
      `max entry size '3' bytes exceeded for stream '${cart}' while adding an entry with length '4' bytes`,
    ],
    [
      "for too many metadata",
      { max_structured_metadata_entries_count: 1 },
      [secondsAgo(1), "x", { a: "1", b: "2" }],
      { app: "cart" },
      `stream '${cart}' has too many structured metadata labels: '2', limit: '1'. Please see \`limits_config.max_structured_metadata_entries_count\` or contact your Loki administrator to increase it`,
    ],
    [
      "for large metadata",
      { max_structured_metadata_size: 3 },
      [secondsAgo(1), "x", { a: "123" }],
      { app: "cart" },
      `stream '${cart}' has structured metadata too large: '4' bytes, limit: '3' bytes. Please see \`limits_config.max_structured_metadata_size\` or contact your Loki administrator to increase it`,
    ],
    [
      "for a label too many",
      { max_label_names_per_series: 1 },
      [secondsAgo(1), "x"],
      { app: "cart", b: "c" },
      `entry for stream '{app="cart", b="c", service_name="cart"}' has 2 label names; limit 1`,
    ],
    [
      "for a label that is missing",
      { enforced_labels: ["app", "env"] },
      [secondsAgo(1), "x"],
      { app: "cart" },
      `missing required labels 'env' for user 'fake' for stream '${cart}' (policy: '')`,
    ],
    [
      "for want of labels",
      { discover_service_name: [] },
      [secondsAgo(1), "x"],
      {},
      "error at least one label pair is required per stream",
    ],
  ])("%s, the rest is stored", async ([, limits, value, stream, message]) => {
    const { post, ingesters } = await distributor(limits);
    const good = { stream: { app: "good", env: "e" }, values: [[secondsAgo(1), "ok"]] };
    const streams = limits.max_label_names_per_series === 1 ? [{ ...good, stream: { app: "good" } }] : [good];
    const body = JSON.stringify({ streams: [{ stream, values: [value] }, ...streams] });
    const response = await post("/loki/api/v1/push", body);
    expect([response.status, await response.text()]).toEqual([400, `${message}\n`]);
    expect([...ingesters[0]!.streams.values()].flat().map(([, line]) => line)).toEqual(["ok"]);
  });

  test("for several reasons, each told with how often it came", async () => {
    const { push } = await distributor({ max_line_size: 3 });
    const response = await push([
      [secondsAgo(-900), "new"],
      [secondsAgo(1), "long"],
      [secondsAgo(2), "long"],
    ]);
    expect(await response.text()).toBe(
      `1 errors like: entry for stream '${cart}' has timestamp too new: 2026-11-25T12:15:00Z; 2 errors like: max entry size '3' bytes exceeded for stream '${cart}' while adding an entry with length '4' bytes\n`,
    );
  });

  test("a hundred thousand times, in an answer that stays short", async () => {
    const { push, registry } = await distributor();
    const values = Array.from({ length: 100_000 }, (_, i) => [secondsAgo(9 * 86_400 + i), "old"]);
    const text = await (await push(values)).text();
    expect(text).toMatch(/; 99900 more errors\n$/);
    expect(text.length).toBeLessThan(70_000);
    expect(await registry.metrics()).toMatch(
      /loki_discarded_samples_total\{reason="greater_than_max_sample_age".*\} 100000/,
    );
  });
});

describe("a push is refused whole", () => {
  test.for<[string, string, Record<string, string>, number, string]>([
    ["without streams", '{"streams":[]}', {}, 422, "error at least one valid stream is required for ingestion"],
    [
      "with labels that cannot be read",
      '{"streams":[{"stream":{"a-b":"v"}}]}',
      {},
      400,
      "couldn't parse labels: 1:3: parse error: unexpected character inside braces: '-'",
    ],
    ["in an encoding not known", "{}", { "Content-Encoding": "br" }, 400, 'Content-Encoding "br" not supported'],
    ["without a content type", "{}", { "Content-Type": "" }, 400, "mime: no media type"],
    [
      "with a broken content type",
      "{}",
      { "Content-Type": "application/json; charset" },
      400,
      "mime: invalid media parameter",
    ],
    ["of another content type", "{}", { "Content-Type": "text/json" }, 400, "snappy: corrupt input"],
    [
      "with a batch id that is none",
      "{}",
      { "X-Ratatosk-Batch": "node" },
      400,
      "X-Ratatosk-Batch: expected <agent>/<sequence>",
    ],
  ])("%s", async ([, body, headers, status, message]) => {
    const { post } = await distributor();
    const response = await post("/loki/api/v1/push", body, { "Content-Type": "application/json", ...headers });
    expect([response.status, await response.text()]).toEqual([status, `${message}\n`]);
  });

  test.for<[string, Buffer]>([
    ["empty", Buffer.alloc(0)],
    ["announcing four gigabytes", Buffer.from("ffffffff0f00", "hex")],
    ["announcing more than 32 bits", Buffer.from("ffffffffffffffffff01", "hex")],
    ["cut short", Buffer.from(snappyCompress(Buffer.alloc(1000, 7))).subarray(0, 20)],
    ["copying from before the start", Buffer.from([10, 0, 65, 0b00010101, 9])],
    ["text", Buffer.from("hello, this is not a push")],
  ])("snappy that is %s", async ([, body]) => {
    const { post } = await distributor();
    const response = await post("/loki/api/v1/push", body, { "Content-Type": "application/x-protobuf" });
    expect([response.status, await response.text()]).toEqual([400, "snappy: corrupt input\n"]);
  });

  test("snappy larger than allowed, before it is unpacked", async () => {
    const { post } = await distributor({}, { config: { max_decompressed_size: 1000 } });
    const body = snappyCompress(Buffer.alloc(1001));
    const response = await post("/loki/api/v1/push", body, { "Content-Type": "application/x-protobuf" });
    expect(response.status).toBe(413);
    expect(await response.text()).toMatch(/decompressed message size too large than max \(1001 vs 1000\)/);
  });

  test("a body larger than allowed", async () => {
    const { push } = await distributor({}, { config: { max_recv_msg_size: 1000 } });
    const response = await push([[secondsAgo(1), "x".repeat(2000)]]);
    expect([response.status, await response.text()]).toEqual([
      413,
      expect.stringMatching(/^request body too large: message size too large than max \(\d+ vs 1000\)\n$/),
    ]);
  });

  test("above the rate of its tenant, until tokens are back", async () => {
    const { push, ingesters } = await distributor({ ingestion_rate_mb: 0.01, ingestion_burst_size_mb: 0.02 });
    const response = await push([1, 2, 3].map((i) => [secondsAgo(i), "x".repeat(8000)]));
    expect([response.status, response.headers.get("retry-after"), await response.text()]).toEqual([
      429,
      "1",
      "ingestion rate limit exceeded for user fake (limit: 10485 bytes/sec) while attempting to ingest '3' lines totaling '24000' bytes, reduce log volume or contact your Loki administrator to see if the limit can be increased\n",
    ]);
    expect(ingesters[0]!.streams.size).toBe(0);
    expect((await push([[secondsAgo(1), "x".repeat(8000)]])).status).toBe(204);
  });

  test.for([260, 200])("while its tenant is blocked, by status %d", async (status) => {
    const { push, ingesters } = await distributor({
      block_ingestion_until: "2099-01-01T00:00:00Z",
      block_ingestion_status_code: status,
    });
    const response = await push([[secondsAgo(1), "x"]]);
    expect([response.status, await response.text()]).toEqual(
      status === 200
        ? [204, ""]
        : [260, "ingestion blocked for user 'fake' until '2099-01-01T00:00:00Z' with status code '260'\n"],
    );
    expect(ingesters[0]!.streams.size).toBe(0);
  });

  test("while others fill the memory", async () => {
    const { push } = await distributor({}, { config: { max_inflight_bytes: 100 } });
    const response = await push([[secondsAgo(1), "x".repeat(200)]]);
    expect([response.status, response.headers.get("retry-after"), await response.text()]).toEqual([
      503,
      "1",
      "The server cannot accept more requests at this time.\n",
    ]);
  });
});

describe("with several ingesters", () => {
  const fail = async (): Promise<PushAnswer> => {
    throw new RatatoskError("unavailable", "disk full");
  };
  const hang = (): Promise<PushAnswer> => new Promise(() => undefined);

  test("each stream goes to its replicas", async () => {
    const { post, ingesters } = await distributor({}, { count: 3, factor: 2 });
    const stream = (app: string): object => ({ stream: { app }, values: [[secondsAgo(1), app]] });
    const body = JSON.stringify({ streams: [stream("elsewhere"), stream("here")] });
    expect((await post("/loki/api/v1/push", body)).status).toBe(204);
    const held = ingesters.map(({ streams }) => [...streams.values()].flat().map(([, line]) => line));
    expect(held).toEqual([["elsewhere"], ["elsewhere", "here"], ["here"]]);
  });

  test("a quorum is enough, however slow or broken the others", async () => {
    for (const answer of [fail, hang]) {
      const { push, ingesters } = await distributor({}, { count: 3, factor: 3 });
      ingesters[1]!.answer = answer;
      expect((await push([[secondsAgo(1), "x"]])).status).toBe(204);
      await close();
    }
  });

  test("less than a quorum is not", async () => {
    const { push, ingesters } = await distributor({}, { count: 3, factor: 3, config: { push_timeout: "50ms" } });
    ingesters[0]!.answer = fail;
    ingesters[1]!.answer = hang;
    const response = await push([[secondsAgo(1), "x"]]);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
  });

  test("too few of them cannot store anything", async () => {
    const { push } = await distributor({}, { count: 1, factor: 3 });
    const response = await push([[secondsAgo(1), "x"]]);
    expect([response.status, await response.text()]).toEqual([
      503,
      "at least 2 live replicas required, could only find 1\n",
    ]);
  });

  test("what one refuses is told, a limit before an error", async () => {
    const { push, ingesters } = await distributor();
    const refusal = (status: 400 | 429, message: string): PushAnswer["refused"][number] => ({
      status,
      message,
      reason: "r",
      entries: 1,
      bytes: 1,
    });
    ingesters[0]!.answer = async () => ({
      refused: [refusal(429, "too many streams"), refusal(400, "too far behind")],
    });
    const response = await push([[secondsAgo(1), "x"]]);
    expect([response.status, await response.text()]).toEqual([429, "too many streams\n"]);
  });
});

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(left)]);
}

function sized(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2]), varint(BigInt(bytes.length)), bytes]);
}
