import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "./free-port.ts";
import { Minio } from "./minio.ts";
import type { RatatoskProcess } from "./process.ts";
import { pushLines } from "./push-lines.ts";
import { realPart } from "./real-parts.ts";
import { serverProcess } from "./server.ts";
import { until } from "./until.ts";

const minioProgram = realPart("minio");
const streams = 8;
const linesOfStream = 6_000;
const linesOfPush = 3_000;
const startNanos = BigInt(Date.now() - 1_800_000) * 1_000_000n;

/** Scans that a querier did for others. */
const scansAnswered =
  'loki_request_duration_seconds_count{method="gRPC",route="/ratatosk.v1.Querier/Scan",status_code="success"';

/** Queries of every kind, that read most of the lines. */
const queries = [
  'sum by (status) (count_over_time({app="shop"} | json [1h]))',
  'sum by (stream) (bytes_over_time({app="shop"} |= "a" [1h]))',
  'quantile_over_time(0.99, {app="shop"} | json | unwrap took [1h]) by (stream)',
  '{app="shop"} | json | user="user-7" | took < 20',
  '{app="shop"} |= "never there"',
];

describe.runIf(minioProgram !== undefined)("three queriers that share their queries, over MinIO", () => {
  let folder: string;
  let minio: Minio;
  let ingester: RatatoskProcess;
  let queriers: RatatoskProcess[];
  let loner: RatatoskProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "e2e-shared-"));
    minio = await Minio.start(minioProgram!, join(folder, "minio"));
    const rates = ["ingestion_rate_mb=1000", "ingestion_burst_size_mb=1000", "per_stream_rate_limit=1GB"];
    const limits = [...rates, "per_stream_rate_limit_burst=1GB"].map((limit) => `--limits_config.${limit}`);
    const storage = [...minio.flags("shared"), ...limits, "--store.index_listing_period=1s"];
    const ports = await Promise.all(Array.from({ length: 4 }, freePort));
    const grpc = (port: number): string => `--server.grpc_listen_port=${port}`;
    const flags = [...storage, grpc(ports[3]!)];
    ingester = await (await serverProcess({ role: "ingester", folder, flags })).start();
    const ring = [...storage, `--ring.members=[127.0.0.1:${ports[3]}]`];
    const distributor = await (await serverProcess({ role: "distributor", folder, flags: ring })).start();
    await fill(distributor.url);
    await distributor.stop();
    await fetch(`${ingester.url}/flush/tenant`, { method: "POST" });
    const members = ports.slice(0, 3).map((port) => `127.0.0.1:${port}`);
    const shared = [`--querier.members=[${members.join(",")}]`, "--querier.share_queries_from=1MB"];
    const querier = (name: string, own: readonly string[]): Promise<RatatoskProcess> =>
      serverProcess({ role: "querier", name, folder, flags: [...ring, "--querier.max_concurrent=1", ...own] });
    const short = ["--querier.health_period=500ms", ...shared];
    queriers = await Promise.all(ports.slice(0, 3).map((port, i) => querier(`querier-${i}`, [...short, grpc(port)])));
    loner = await querier("loner", []);
    await Promise.all([loner, ...queriers].map((process) => process.start()));
    await Promise.all(queriers.map((_, i) => seesPeers(i, 2)));
  });
  afterAll(async () => {
    await Promise.all([ingester, loner, ...queriers].map((process) => process.kill()));
    await minio.stop();
    rmSync(folder, { recursive: true });
  });

  const seesPeers = (i: number, count: number): Promise<boolean> =>
    until(async () => (await metric(i, 'ratatosk_querier_members{state="ACTIVE"}')) === count);

  async function metric(i: number, name: string): Promise<number> {
    const text = await (await fetch(`${queriers[i]!.url}/metrics`)).text();
    const line = text.split("\n").find((own) => own.startsWith(name));
    return Number(line?.slice(line.lastIndexOf(" ")) ?? 0);
  }

  test("whoever is asked, alone or with peers, the answers are the same", async () => {
    for (const query of queries) {
      const alone = await answer(loner.url, query);
      for (const { url } of queriers.slice(0, 2))
        expect({ query, ...(await answer(url, query)) }).toEqual({ query, ...alone });
    }
    for (const i of [0, 1])
      expect(await metric(i, 'ratatosk_querier_shared_jobs_total{outcome="done"}')).toBeGreaterThan(0);
  });

  test("one is killed in the midst of queries: none fails, none counts wrong, and it is asked again once back", async () => {
    const expected = await Promise.all(queries.map((query) => answer(loner.url, query)));
    const failed = (i: number): Promise<number> => metric(i, 'ratatosk_querier_shared_jobs_total{outcome="failed"}');
    const stopping = new AbortController();
    let asked = 0;
    const load = async (i: number): Promise<void> => {
      for (let n = i; !stopping.signal.aborted; n++) {
        const at = n % queries.length;
        expect(await answer(queriers[i]!.url, queries[at]!)).toEqual(expected[at]);
        asked++;
      }
    };
    const loads = Promise.all([load(0), load(1)]);
    await Promise.race([loads, until(() => asked >= 3)]);
    await queriers[2]!.kill();
    await Promise.race([loads, until(async () => (await failed(0)) + (await failed(1)) > 0)]);
    const then = asked;
    await Promise.race([loads, until(() => asked >= then + 4)]);
    await queriers[2]!.start();
    await seesPeers(0, 2);
    await Promise.race([loads, until(async () => (await metric(2, scansAnswered)) > 0)]);
    stopping.abort();
    await loads;
    process.stdout.write(`${asked} shared queries, one of three queriers killed and started again: none failed\n`);
  });
});

async function fill(url: string): Promise<void> {
  for (let stream = 0; stream < streams; stream++)
    for (let from = 0; from < linesOfStream; from += linesOfPush) {
      const lines = Array.from({ length: linesOfPush }, (_, i) => line(from + i));
      await pushLines(url, { app: "shop", stream: String(stream) }, lines, startNanos + BigInt(from));
    }
}

/** Lines that hardly compress, so that few of them make a job. */
const line = (i: number): string =>
  JSON.stringify({
    status: 200 + (i % 5),
    took: (i * 31) % 997,
    user: `user-${i % 100}`,
    id: randomBytes(120).toString("base64"),
  });

/** What a query answers and how many lines it looked at, without how long that took. */
async function answer(url: string, query: string): Promise<object> {
  const end = startNanos + 60_000_000_000n;
  const range = query.startsWith("{")
    ? { start: String(startNanos), end: String(end), limit: "5000" }
    : { time: String(end) };
  const path = query.startsWith("{") ? "query_range" : "query";
  const parameters = new URLSearchParams({ query, ...range });
  const response = await fetch(`${url}/loki/api/v1/${path}?${parameters.toString()}`);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
  const { data } = JSON.parse(text) as { data: { result: unknown; stats: { summary: Record<string, number> } } };
  const { totalLinesProcessed, totalBytesProcessed } = data.stats.summary;
  return { result: data.result, totalLinesProcessed, totalBytesProcessed };
}
