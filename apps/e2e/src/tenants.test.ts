import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Store } from "@ratatosk/object-store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Minio } from "./minio.ts";
import type { RatatoskProcess } from "./process.ts";
import { realPart } from "./real-parts.ts";
import { serverProcess } from "./server.ts";
import { until } from "./until.ts";

const secret = "the secret of the victim";
const rule = "name: g\nrules: [{record: 'a:b', expr: 'sum(count_over_time({app=\"x\"}[1m]))'}]\n";

const minioProgram = realPart("minio");
const stores = minioProgram === undefined ? ["a directory"] : ["a directory", "MinIO"];

describe.each(stores)("one tenant beside another, over %s", (store) => {
  const folder = mkdtempSync(join(tmpdir(), "e2e-tenants-"));
  const limits = join(folder, "limits.yaml");
  let server: RatatoskProcess;
  let minio: Minio | undefined;

  beforeAll(async () => {
    if (store === "MinIO") minio = await Minio.start(minioProgram!, join(folder, "minio"));
    writeFileSync(limits, "overrides: {}");
    const runtime = [`--runtime_config.file=${limits}`, "--runtime_config.period=100ms"];
    const storage = minio?.flags("tenants") ?? [];
    const retention = "--compactor.retention_enabled=true";
    server = await serverProcess({ folder, flags: ["--auth_enabled=true", retention, ...runtime, ...storage] });
    await server.start();
  });
  afterAll(async () => {
    await server.kill();
    await minio?.stop();
    rmSync(folder, { recursive: true });
  });

  const post = async (tenant: string, path: string, body = ""): Promise<number> =>
    (await fetch(`${server.url}${path}`, { method: "POST", headers: { "X-Scope-OrgID": tenant }, body })).status;

  async function push(tenant: string, line: string, labels: Record<string, string> = {}): Promise<number> {
    const values = [[String(BigInt(Date.now()) * 1_000_000n), line]];
    const headers = { "X-Scope-OrgID": tenant, "Content-Type": "application/json" };
    const body = JSON.stringify({ streams: [{ stream: { app: "x", ...labels }, values }] });
    return (await fetch(`${server.url}/loki/api/v1/push`, { method: "POST", headers, body })).status;
  }

  async function linesOf(tenant: string, selector = '{app=~".+"}'): Promise<string[]> {
    const headers = { "X-Scope-OrgID": tenant };
    const search = new URLSearchParams({ query: selector, limit: "1000" });
    const answer = await fetch(`${server.url}/loki/api/v1/query_range?${search.toString()}`, { headers });
    if (!answer.ok) return [];
    const { data } = (await answer.json()) as { data: { result: { values: [string, string][] }[] } };
    return data.result.flatMap(({ values }) => values.map(([, line]) => line)).sort();
  }

  /** Sends a request as it stands, which a client would clean up first. */
  async function raw(target: string, tenant: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
      socket.write(
        `GET ${target} HTTP/1.1\r\nHost: h\r\nX-Scope-OrgID: ${tenant}\r\nConnection: close\r\n\r\n`,
        "latin1",
      );
      let answer = "";
      socket.on("data", (part) => (answer += String(part)));
      socket.on("close", () => resolve(answer)).on("error", reject);
    });
  }

  test("the victim has a line, a rule and a delete request", async () => {
    expect(await push("victim", secret)).toBe(204);
    expect(await post("victim", "/loki/api/v1/rules/ns", rule)).toBe(202);
    const start = Math.floor(Date.now() / 1000) - 3600;
    const query = encodeURIComponent('{app="gone"}');
    expect(await post("victim", `/loki/api/v1/delete?query=${query}&start=${start}`)).toBe(204);
    expect((await fetch(`${server.url}/flush`, { method: "POST" })).status).toBe(204);
  });

  const ids = [
    "../victim",
    "..",
    ".",
    "a/../victim",
    "a/../../victim",
    "victim/",
    "/victim",
    "victim\\",
    "\\",
    "/",
    "%76ictim",
  ].concat([
    "victim%00",
    "vic\ttim",
    "v ictim",
    "~tmp",
    "@compactor",
    ":victim",
    "|",
    "|victim|",
    "a|victim",
    "x".repeat(151),
  ]);

  test.each(ids)("the id %j is refused", async (id) => {
    expect([400, 401]).toContain(await push(id, "in the wrong place"));
    const answer = await raw("/loki/api/v1/labels", id);
    expect(answer).toMatch(/^HTTP\/1\.1 40[01] /);
    expect(answer).not.toContain("app");
  });

  test.each(["victim\0", "a\nb", "victim\x7f"])("the id %j does not pass as a header", async (id) => {
    expect(await raw("/loki/api/v1/labels", id)).toMatch(/^(HTTP\/1\.1 400 |$)/);
  });

  const odd = ["...", "__victim", "VICTIM", "victim.", "-", "!", "*", "(", "wal", "cache", "shutdown", "index"].concat([
    "a:../victim",
    "x".repeat(150),
    "0000000001-000001.wal",
  ]);

  test.each(odd)("%j is a tenant of its own, in memory and in the store", async (id) => {
    const line = `a line of ${id}`;
    expect(await push(id, line, { way: "../../victim", __tenant_id__: "victim" })).toBeLessThan(500);
    await push(id, line);
    const found = async (): Promise<string[]> => linesOf(id);
    expect(new Set(await found())).toEqual(new Set([line]));
    expect(await linesOf(id, '{__tenant_id__="victim"}')).not.toContain(secret);
    await post(id, "/flush/tenant");
    expect(new Set(await until(found))).toEqual(new Set([line]));
  });

  const up = [
    "..%2f..%2fvictim",
    "..%2F..%2Fvictim%2Frules",
    "%2e%2e%2fvictim",
    "..%5cvictim",
    "%00",
    "victim",
    "....//victim",
    "%252e%252e%252fvictim",
  ];

  test.each(up)("the path segment %s leads nowhere", async (segment) => {
    const paths = [
      `label/${segment}/values`,
      `rules/${segment}`,
      `rules/${segment}/g`,
      `detected_field/${segment}/values`,
    ];
    for (const path of [...paths.map((one) => `/loki/api/v1/${one}`), `/ui/assets/${segment}`, `/${segment}/index`]) {
      const answer = await raw(path, "attacker");
      expect(answer).toMatch(/^HTTP\/1\.1 (200|301|400|404) /);
      expect(answer).not.toMatch(/secret|a:b|root:/);
    }
    expect([202, 400, 404]).toContain(
      await post("attacker", `/loki/api/v1/rules/${segment}`, rule.replace("name: g", 'name: "../../victim/rules/g"')),
    );
    const name = `/loki/api/v1/delete?request_id=${segment}`;
    const remove = await fetch(`${server.url}${name}`, { method: "DELETE", headers: { "X-Scope-OrgID": "attacker" } });
    expect(remove.status).toBe(404);
  });

  test("everything the attackers asked for has left the victim as it was", async () => {
    expect(await linesOf("victim")).toEqual([secret]);
    const headers = { "X-Scope-OrgID": "victim" };
    const rules = await fetch(`${server.url}/loki/api/v1/rules`, { headers });
    expect((await rules.text()).match(/name: /g)).toHaveLength(1);
    await expect((await fetch(`${server.url}/loki/api/v1/delete`, { headers })).json()).resolves.toHaveLength(1);
    const names = minio ? await new S3Store(minio.settings("tenants")).folders("") : readdirSync(join(folder, "data"));
    const known = new Set(["victim", "attacker", "a", "wal", "cache", "shutdown", "@compactor", "~tmp", ...odd]);
    expect(names).toEqual(expect.arrayContaining(["victim", ...odd.filter((name) => !name.startsWith("a:"))]));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  test("limits of a single tenant change while the server runs, and a broken file changes nothing", async () => {
    const long = "x".repeat(2000);
    expect(await push("small", long)).toBe(204);
    writeFileSync(limits, "overrides: {small: {max_line_size: 1KB}}");
    await until(async () => (await push("small", long)) === 400);
    expect(await push("large", long)).toBe(204);
    writeFileSync(limits, "overrides: {small: {max_line_sise: 1KB}}");
    await until(async () => (await metrics()).includes("loki_runtime_config_last_reload_successful 0"));
    expect(await push("small", long)).toBe(400);
    writeFileSync(limits, "overrides: {}");
    await until(async () => (await push("small", long)) === 204);
  });

  const metrics = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text();
});
