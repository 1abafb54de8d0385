import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentProcess } from "./agent.ts";
import type { RatatoskProcess } from "./process.ts";
import { pushLines, pushOnce } from "./push-lines.ts";
import { realPart } from "./real-parts.ts";
import { type RealProcess, startPrometheus } from "./real-process.ts";
import { serverProcess } from "./server.ts";
import { until } from "./until.ts";

const prometheusProgram = realPart("prometheus");
const promtool = realPart("promtool");
const deploy = fileURLToPath(new URL("../../../deploy", import.meta.url));
const dashboards = join(deploy, "grafana/dashboards");

interface Dashboard {
  readonly panels: readonly { title: string; targets: readonly { expr: string }[] }[];
}

describe.runIf(prometheusProgram !== undefined && promtool !== undefined)("metrics, with a real Prometheus", () => {
  const folder = mkdtempSync(join(tmpdir(), "e2e-metrics-"));
  let server: RatatoskProcess;
  let agent: RatatoskProcess;
  let prometheus: RealProcess;

  beforeAll(async () => {
    server = await serverProcess({ folder: join(folder, "server"), flags: ["--compactor.compaction_interval=2s"] });
    await server.start();
    appendFileSync(join(folder, "a.txt"), "there before the agent\n");
    agent = await agentProcess({
      folder: join(folder, "agent"),
      serverUrl: server.url,
      glob: join(folder, "*.txt"),
      job: "files",
    });
    await agent.start();
    prometheus = await startPrometheus(prometheusProgram!, join(folder, "prometheus"), {
      all: server.url,
      agent: agent.url,
    });
    await use(server.url);
  });
  afterAll(async () => {
    await Promise.all([server?.kill(), agent?.kill(), prometheus?.stop()]);
    rmSync(folder, { recursive: true });
  });

  /** A bit of everything: pushes, refused lines, queries, a failed one, a flush, lines of files. */
  async function use(url: string): Promise<void> {
    const now = BigInt(Date.now()) * 1_000_000n;
    await pushLines(url, { app: "metrics" }, ["level=info one", "level=error two"], now);
    const tooOld = String(now - 1000n * 24n * 3600n * 1_000_000_000n);
    await pushOnce(url, { streams: [{ stream: { app: "metrics" }, values: [[tooOld, "old"]] }] });
    for (const query of ['{app="metrics"}', 'sum(count_over_time({app="metrics"}[5m]))', "{"])
      await (await fetch(`${url}/loki/api/v1/query_range?query=${encodeURIComponent(query)}`)).text();
    appendFileSync(join(folder, "a.txt"), "from a file\n");
    await fetch(`${url}/flush`, { method: "POST" });
  }

  test.each(["server", "agent"])("promtool finds nothing wrong with the %s's metrics", async (who) => {
    const { url } = who === "server" ? server : agent;
    const text = await (await fetch(`${url}/metrics`)).text();
    const found = problems(text);
    expect(found.filter((line) => !historical.test(line))).toEqual([]);
  });

  function problems(text: string): string[] {
    try {
      execFileSync(promtool!, ["check", "metrics"], { input: text, stdio: "pipe" });
      return [];
    } catch (error) {
      return (error as { stderr: Buffer }).stderr.toString().trim().split("\n");
    }
  }

  test("the alerts are valid, and their own tests pass", () => {
    const at = { cwd: join(deploy, "prometheus"), stdio: "pipe" } as const;
    expect(execFileSync(promtool!, ["check", "rules", "alerts.yaml"], at).toString()).toContain("SUCCESS");
    expect(execFileSync(promtool!, ["test", "rules", "alerts.test.yaml"], at).toString()).toContain("SUCCESS");
  });

  const panels = readdirSync(dashboards).flatMap((file) =>
    (JSON.parse(readFileSync(join(dashboards, file), "utf8")) as Dashboard).panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => ({ file, title, expr })),
    ),
  );
  test.each(panels)("$file: $title has data", async ({ expr }) => {
    const query = expr.replaceAll("$__rate_interval", "1m").replaceAll("$tenant", "fake");
    const found = await until(async () => {
      const answer = await prometheus.json(`/api/v1/query?query=${encodeURIComponent(query)}`);
      return (answer as { data: { result: unknown[] } }).data.result;
    }, 20_000);
    expect(found).not.toEqual([]);
  });
});

/** Names that dashboards for Loki and Promtail rely on, though Prometheus would choose others. */
const historical =
  /^(promtail_(file_bytes|read_bytes|files_active|targets_active)_total|loki_distributor_push_stats_count|loki_compactor_pending_delete_requests_count|loki_distributor_lag_ms_total|loki_build_info|go_|nodejs_)/;
