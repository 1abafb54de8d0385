import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { LimitsConfig } from "@ratatosk/config";
import { HttpServer } from "@ratatosk/http";
import { snappyUncompress } from "@ratatosk/kernels";
import { MemoryStore } from "@ratatosk/object-store";
import { createLogger, Registry } from "@ratatosk/observability";
import { expect, onTestFinished, test } from "vitest";
import { RulerConfig } from "./config.ts";
import { createRuler } from "./ruler.ts";
import type { Sample } from "./run/evaluate-rule.ts";

interface Received {
  readonly path: string;
  readonly body: Buffer;
}

/** A receiver of notifications and remote writes on a real socket; `status` may change while it runs. */
async function receiver(): Promise<{ url: string; received: Received[]; answer: { status: number } }> {
  const received: Received[] = [];
  const answer = { status: 200 };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      if (answer.status === 200) received.push({ path: request.url!, body: Buffer.concat(parts) });
      response.writeHead(answer.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, answer };
}

async function startRuler(objects: MemoryStore, settings: object, samples: () => readonly Sample[], id = "only") {
  const registry = new Registry();
  const { services, routes } = createRuler({
    config: RulerConfig.parse({ poll_interval: "50ms", ...settings }),
    log: createLogger("fatal"),
    registry,
    limits: { forTenant: () => LimitsConfig.parse({}) },
    objects,
    evaluate: async () => samples(),
    peers: { owns: () => id !== "other", onChange: () => {} },
  });
  const http = new HttpServer({ routes, authEnabled: false, multiTenantQueries: false });
  const { port } = await http.listen(0, "127.0.0.1");
  for (const service of services) await service.start(new AbortController().signal);
  const stop = async (): Promise<void> => {
    for (const service of services) await service.stop();
    await http.close(100);
  };
  const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, init);
  const rules = async (): Promise<{ state: string; alerts: { activeAt: string; state: string }[] }[]> =>
    (
      (await (await ask("/prometheus/api/v1/rules")).json()) as { data: { groups: { rules: never[] }[] } }
    ).data.groups.flatMap(({ rules }) => rules);
  return { ask, rules, stop };
}

const until = async (check: () => Promise<boolean> | boolean): Promise<void> => {
  for (let i = 0; i < 300; i++) {
    if (await check()) return;
    await sleep(20);
  }
  throw new Error("it never came true");
};

const alertGroup = (more: string): string =>
  `name: g\ninterval: 100ms\nrules:\n  - alert: Errors\n    expr: sum by (app) (rate({app="cart"}[1m])) > 0\n${more}`;
const cart: Sample = { labels: [["app", "cart"]], value: 2 };

test("an alert fires, is told once, and is resolved; a restart neither resets nor repeats it", async () => {
  const objects = new MemoryStore();
  const alertmanager = await receiver();
  const settings = { alertmanager_url: alertmanager.url, external_url: "http://grafana" };
  let samples: readonly Sample[] = [cart];
  const first = await startRuler(objects, settings, () => samples);
  await first.ask("/api/prom/rules/shop", {
    method: "POST",
    body: alertGroup('    annotations: {summary: "{{ $labels.app }} {{ $value }}"}\n'),
  });
  await until(async () => (await first.rules())[0]?.state === "firing");
  const before = (await first.rules())[0]!.alerts[0]!;
  await until(() => alertmanager.received.length === 1);
  await first.stop();

  const second = await startRuler(objects, settings, () => samples);
  await until(async () => (await second.rules())[0]?.state === "firing");
  await sleep(300);
  expect((await second.rules())[0]!.alerts[0]!.activeAt).toBe(before.activeAt);
  expect(alertmanager.received).toHaveLength(1);
  const [notice] = JSON.parse(alertmanager.received[0]!.body.toString()) as Record<string, unknown>[];
  expect(notice).toMatchObject({
    labels: { alertname: "Errors", app: "cart" },
    annotations: { summary: "cart 2" },
    generatorURL: expect.stringContaining("http://grafana/explore?left="),
  });
  samples = [];
  await until(() => alertmanager.received.length === 2);
  await second.stop();
});

test("an alert that no Alertmanager could take is sent until one does", async () => {
  const alertmanager = await receiver();
  alertmanager.answer.status = 503;
  const ruler = await startRuler(new MemoryStore(), { alertmanager_url: alertmanager.url }, () => [cart]);
  await ruler.ask("/loki/api/v1/rules/shop", { method: "POST", body: alertGroup("") });
  await until(async () => (await ruler.rules())[0]?.state === "firing");
  alertmanager.answer.status = 200;
  await until(() => alertmanager.received.length > 0);
  expect(alertmanager.received[0]!.path).toBe("/api/v2/alerts");
  await ruler.stop();
});

test("a recording rule's results are written, over a receiver's failures, and a series that ends is marked", async () => {
  const prometheus = await receiver();
  prometheus.answer.status = 500;
  let samples: readonly Sample[] = [cart];
  const remote_write = { enabled: true, clients: { main: { url: `${prometheus.url}/api/v1/write` } } };
  const ruler = await startRuler(new MemoryStore(), { remote_write }, () => samples);
  const body =
    'name: g\ninterval: 100ms\nrules: [{record: "a:b", expr: "sum(rate({a=\\"b\\"}[1m]))", labels: {team: shop}}]';
  expect((await ruler.ask("/loki/api/v1/rules/shop", { method: "POST", body })).status).toBe(202);
  await sleep(300);
  prometheus.answer.status = 200;
  await until(() => prometheus.received.length > 0);
  const written = (): string =>
    prometheus.received.map(({ body }) => Buffer.from(snappyUncompress(body, 1e6)).toString("latin1")).join("");
  expect(written()).toContain("a:b");
  expect(written()).toContain("shop");
  expect(written()).not.toContain("\x02\x00\x00\x00\x00\x00\xf0\x7f");
  samples = [];
  await until(() => written().includes("\x02\x00\x00\x00\x00\x00\xf0\x7f"));
  await ruler.stop();
});

test("a group that another ruler owns is shown with its state and not evaluated here", async () => {
  const objects = new MemoryStore();
  const owner = await startRuler(objects, {}, () => [cart]);
  let evaluated = 0;
  const other = await startRuler(objects, {}, () => (evaluated++, []), "other");
  await other.ask("/loki/api/v1/rules/shop", { method: "POST", body: alertGroup("") });
  await until(async () => (await other.rules())[0]?.state === "firing");
  expect(evaluated).toBe(0);
  await owner.stop();
  await other.stop();
});

test("rules are read, replaced and deleted; what is not there is refused in Loki's words", async () => {
  const ruler = await startRuler(new MemoryStore(), {}, () => []);
  const put = (namespace: string, body: string): Promise<Response> =>
    ruler.ask(`/loki/api/v1/rules/${namespace}`, { method: "POST", body });
  const text = async (path: string, method = "GET"): Promise<string> =>
    (await ruler.ask(`/loki/api/v1/rules${path}`, { method })).text();
  expect(await text("")).toBe("no rule groups found");
  await put("a%2520b", "name: x\nrules: []");
  await put("a%20b", "name: y\nrules: [{record: r, expr: '1', labels: {k: v}}]");
  expect(await text("")).toBe(
    'a b:\n  - name: x\n    rules: []\n  - name: y\n    rules:\n      - record: r\n        expr: "1"\n        labels:\n          k: v\n',
  );
  expect(await text("?labels=k:v")).not.toContain("name: x");
  expect(await text("/a%20b/z")).toBe("group does not exist");
  expect(await text("/a%20b/x", "DELETE")).toContain("success");
  expect(await text("/a%20b", "DELETE")).toContain("success");
  expect(await text("/a%20b", "DELETE")).toBe("group namespace does not exist");
  expect((await put("..%2Fother", "name: x\nrules: []")).status).toBe(400);
  await ruler.stop();
});
