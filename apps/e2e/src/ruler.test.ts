import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "./free-port.ts";
import { RatatoskProcess } from "./process.ts";
import { pushLines } from "./push-lines.ts";
import { realPart } from "./real-parts.ts";
import { type RealProcess, startAlertmanager, startPrometheus } from "./real-process.ts";
import { serverProcess } from "./server.ts";
import { until } from "./until.ts";
import { Webhook } from "./webhook.ts";

const prometheusProgram = realPart("prometheus");
const alertmanagerProgram = realPart("prometheus-alertmanager");

interface Shown {
  readonly startsAt: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface RuleShown {
  readonly state?: string;
  readonly alerts?: readonly { activeAt: string; state: string }[];
  readonly name: string;
}

describe.runIf(prometheusProgram !== undefined && alertmanagerProgram !== undefined)(
  "rules, with a real Alertmanager and a real Prometheus",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "e2e-ruler-"));
    const hook = new Webhook();
    let prometheus: RealProcess;
    let alertmanager: RealProcess;
    let server: RatatoskProcess;

    beforeAll(async () => {
      prometheus = await startPrometheus(prometheusProgram!, join(folder, "prometheus"));
      alertmanager = await startAlertmanager(alertmanagerProgram!, join(folder, "alertmanager"), await hook.start());
      const flags = [
        `--ruler.alertmanager_url=${alertmanager.url}`,
        "--ruler.poll_interval=500ms",
        "--ruler.resend_delay=1s",
        "--ruler.remote_write.enabled=true",
        `--ruler.remote_write.clients={prometheus: {url: "${prometheus.url}/api/v1/write"}}`,
      ];
      server = await serverProcess({ folder: join(folder, "server"), flags });
      await server.start();
    });
    afterAll(async () => {
      await server?.kill();
      await Promise.all([prometheus?.stop(), alertmanager?.stop()]);
      hook.stop();
      rmSync(folder, { recursive: true });
    });

    const postGroup = async (text: string): Promise<void> => {
      const headers = { "Content-Type": "application/yaml" };
      const url = `${server.url}/loki/api/v1/rules/shop`;
      const response = await fetch(url, { method: "POST", headers, body: text });
      expect({ status: response.status, text: await response.text() }).toMatchObject({ status: 202 });
    };
    const rule = async (name: string): Promise<RuleShown | undefined> => {
      const response = await fetch(`${server.url}/prometheus/api/v1/rules`);
      const { data } = (await response.json()) as { data: { groups: { rules: RuleShown[] }[] } };
      return data.groups.flatMap(({ rules }) => rules).find((one) => one.name === name);
    };
    const shown = async (name: string): Promise<Shown[]> => {
      const filter = encodeURIComponent(`alertname="${name}"`);
      return (await alertmanager.json(`/api/v2/alerts?active=true&filter=${filter}`)) as Shown[];
    };
    const notices = (name: string): { status: string }[] =>
      (hook.received as { alerts: { status: string; labels: { alertname: string } }[] }[])
        .flatMap(({ alerts }) => alerts)
        .filter(({ labels }) => labels.alertname === name);
    const push = (app: string, lines: string[]): Promise<void> =>
      pushLines(server.url, { app }, lines, BigInt(Date.now()) * 1_000_000n);

    test("an alert fires once and resolves once, whatever restarts in between", async () => {
      await postGroup(`name: alerts
interval: 1s
rules:
  - alert: Errors
    expr: sum by (app) (count_over_time({app="cart"} |= "error" [30s])) > 0
    for: 6s
    labels: {severity: page}
    annotations: {summary: "{{ $labels.app }} has {{ $value }} errors"}
`);
      await push("cart", ["error one", "error two", "fine"]);
      await until(async () => (await rule("Errors"))?.state === "pending");
      const activeAt = (await rule("Errors"))!.alerts![0]!.activeAt;
      await server.stop();
      expect(await shown("Errors")).toEqual([]);
      await server.start();
      const [first] = await until(() => shown("Errors"));
      expect(first).toMatchObject({
        labels: { alertname: "Errors", app: "cart", severity: "page" },
        annotations: { summary: "cart has 2 errors" },
      });
      expect((await rule("Errors"))!.alerts![0]!.activeAt).toBe(activeAt);
      await server.kill();
      await server.start();
      await until(async () => (await rule("Errors"))?.state === "firing");
      const [second] = await shown("Errors");
      expect(second!.startsAt).toBe(first!.startsAt);
      expect((await rule("Errors"))!.alerts![0]!.activeAt).toBe(activeAt);
      await until(async () => (await shown("Errors")).length === 0);
      await until(() => notices("Errors").some(({ status }) => status === "resolved"));
      await server.stop();
      await server.start();
      await sleep(3000);
      expect(notices("Errors").map(({ status }) => status)).toEqual(["firing", "resolved"]);
    });

    test("results of recording rules arrive in Prometheus, also those of the time while the server was away", async () => {
      await postGroup(`name: records
interval: 1s
rules:
  - record: app:lines:count
    expr: sum by (app) (count_over_time({app="till"}[5m]))
    labels: {source: logs}
`);
      await push("till", ["a", "b", "c"]);
      interface Series {
        readonly metric: Readonly<Record<string, string>>;
        readonly values: readonly [number, string][];
      }
      const recorded = async (): Promise<readonly Series[]> => {
        const path = `/api/v1/query?query=${encodeURIComponent("app:lines:count[5m]")}`;
        return ((await prometheus.json(path)) as { data: { result: Series[] } }).data.result;
      };
      const [series] = await until(recorded);
      expect(series!.metric).toEqual({ __name__: "app:lines:count", app: "till", source: "logs" });
      expect(series!.values.at(-1)![1]).toBe("3");
      await server.stop();
      await sleep(4000);
      await server.start();
      const before = series!.values.at(-1)![0];
      const [later] = await until(async () =>
        (await recorded()).filter(({ values }) => values.at(-1)![0] > before + 6),
      );
      const times = later!.values.map(([time]) => Math.round(time));
      const gaps = times.slice(1).map((time, i) => time - times[i]!);
      expect(Math.max(...gaps)).toBe(1);
    });
  },
);

describe("two rulers", () => {
  const folder = mkdtempSync(join(tmpdir(), "e2e-rulers-"));
  const groups = 12;
  let ingester: RatatoskProcess;
  let rulers: RatatoskProcess[];

  beforeAll(async () => {
    const grpc = await freePort();
    const storage = [`--storage.filesystem.directory=${join(folder, "store")}`];
    const own = join(folder, "ingester");
    const flags = [...storage, `--server.grpc_listen_port=${grpc}`];
    ingester = await serverProcess({ role: "ingester", folder: own, flags });
    const ports = [await freePort(), await freePort()];
    const common = [
      ...storage,
      `--ring.members=[127.0.0.1:${grpc}]`,
      `--ruler.members=[${ports.map((port) => `127.0.0.1:${port}`).join(",")}]`,
      "--ruler.health_period=500ms",
      "--ruler.poll_interval=500ms",
      "--server.log_level=warn",
    ];
    rulers = ports.map((port, i) => {
      const args = ["ruler", `--server.http_listen_port=${port}`, ...common];
      const url = `http://127.0.0.1:${port}`;
      return new RatatoskProcess({ args, folder: join(folder, `ruler-${i}`), name: `ruler-${i}`, url });
    });
    await ingester.start();
    await Promise.all(rulers.map((one) => one.start()));
  });
  afterAll(async () => {
    await Promise.all([ingester, ...rulers].map((one) => one.kill()));
    rmSync(folder, { recursive: true });
  });

  const groupsOf = async ({ url }: RatatoskProcess): Promise<string[]> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return [...text.matchAll(/^loki_prometheus_rule_group_rules\{.*rule_group="([^"]*)"/gm)].map(([, group]) => group!);
  };
  const evaluations = async ({ url }: RatatoskProcess): Promise<Map<string, number>> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const found = text.matchAll(/^loki_prometheus_rule_group_iterations_total\{.*rule_group="([^"]*)"\} (\d+)/gm);
    return new Map([...found].map(([, group, count]) => [group!, Number(count)]));
  };

  test("share the groups, and each is evaluated once at each of its times", async () => {
    for (let i = 0; i < groups; i++) {
      const body = `name: g${i}\ninterval: 1s\nrules: [{record: "one", expr: 'count_over_time({app="x"}[1m])'}]\n`;
      const url = `${rulers[0]!.url}/loki/api/v1/rules/shared`;
      const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/yaml" }, body });
      expect(response.status).toBe(202);
    }
    const both = async (): Promise<string[][]> => Promise.all(rulers.map(groupsOf));
    await until(async () => (await both()).flat().length === groups);
    const [first, second] = await both();
    expect(first!.length).toBeGreaterThan(0);
    expect(second!.length).toBeGreaterThan(0);
    expect(new Set([...first!, ...second!]).size).toBe(groups);
    const began = Date.now();
    const before = await Promise.all(rulers.map(evaluations));
    await sleep(4000);
    const after = await Promise.all(rulers.map(evaluations));
    const seconds = (Date.now() - began) / 1000;
    for (let i = 0; i < groups; i++) {
      const grown = after.map((counts, r) => (counts.get(`shared;g${i}`) ?? 0) - (before[r]!.get(`shared;g${i}`) ?? 0));
      expect(Math.min(...grown)).toBe(0);
      expect(Math.max(...grown)).toBeGreaterThan(0);
      expect(Math.max(...grown)).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
    }
  });

  test("the one that stays takes over the groups of the one that is gone", async () => {
    await rulers[1]!.kill();
    await until(async () => (await groupsOf(rulers[0]!)).length === groups);
    await rulers[1]!.start();
    await until(async () => (await groupsOf(rulers[0]!)).length < groups);
    const both = await until(async () => {
      const found = (await Promise.all(rulers.map(groupsOf))).flat();
      return found.length === groups ? found : [];
    });
    expect(new Set(both).size).toBe(groups);
  });
});
