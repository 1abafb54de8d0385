import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentProcess, fileJob } from "./agent.ts";
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
      jobs: [fileJob("files", join(folder, "*.txt"))],
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
    const rules = 'name: g\ninterval: 1s\nrules: [{record: lines, expr: "sum(rate({app=\\"metrics\\"}[1m]))"}]\n';
    const headers = { "Content-Type": "application/yaml" };
    await fetch(`${url}/loki/api/v1/rules/own`, { method: "POST", headers, body: rules });
    await until(async () =>
      /^loki_prometheus_rule_evaluations_total\{/m.test(await (await fetch(`${url}/metrics`)).text()),
    );
  }

  test.each(["server", "agent"])("promtool finds nothing wrong with the %s's metrics", async (who) => {
    const { url } = who === "server" ? server : agent;
    const text = await (await fetch(`${url}/metrics`)).text();
    const found = problems(text);
    expect(found.filter((line) => !historical.test(line))).toEqual([]);
  });

  test.each(["server", "agent"] as const)(
    "the %s's metrics have the names and labels that dashboards read",
    async (who) => {
      const { url } = who === "server" ? server : agent;
      const text = await (await fetch(`${url}/metrics`)).text();
      const missing = Object.entries(expectedMetrics[who]).filter(([name, labels]) => {
        const line = text.split("\n").find((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
        return line === undefined || labels.some((label) => !line.includes(`${label}="`));
      });
      expect(missing).toEqual([]);
    },
  );

  test("what clients make up does not become metrics without end", async () => {
    // Senders are told apart, as long as there is room for them.
    const series = async (): Promise<number> => {
      const lines = (await (await fetch(`${server.url}/metrics`)).text()).split("\n");
      return lines.filter((line) => !line.startsWith("ratatosk_sender_")).length;
    };
    const ask = async (made: string): Promise<void> => {
      const headers = { "User-Agent": made, "X-Scope-OrgID": made, "Content-Type": `text/${made}` };
      await fetch(`${server.url}/${made}`, { headers });
      await fetch(`${server.url}/loki/api/v1/query?query=%7Ba%3D%22${made}%22%7D`, { headers });
      await fetch(`${server.url}/loki/api/v1/push`, { method: "POST", headers, body: made });
    };
    for (let i = 0; i < 120; i++) await ask(`first-${i}`);
    const before = await series();
    for (let i = 0; i < 100; i++) await ask(`second-${i}`);
    expect((await series()) - before).toBeLessThan(20);
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

const group = ["user", "rule_group"];

/** Metrics that dashboards, alerts and operators of Loki and Promtail know, and their labels. */
const expectedMetrics: Readonly<Record<"server" | "agent", Readonly<Record<string, readonly string[]>>>> = {
  server: {
    loki_request_duration_seconds_bucket: ["method", "route", "status_code", "ws", "le"],
    loki_inflight_requests: ["method", "route"],
    loki_panic_total: [],
    loki_build_info: ["version", "revision", "branch", "goversion"],
    loki_internal_log_messages_total: ["level"],
    process_resident_memory_bytes: [],
    loki_distributor_bytes_received_total: ["tenant", "retention_hours", "is_internal_stream", "policy", "format"],
    loki_distributor_structured_metadata_bytes_received_total: ["tenant", "format"],
    loki_distributor_lines_received_total: ["tenant", "is_internal_stream", "policy", "format"],
    loki_discarded_samples_total: ["reason", "tenant", "retention_hours", "policy", "format"],
    loki_discarded_bytes_total: ["reason", "tenant", "retention_hours", "policy", "format"],
    loki_distributor_lag_ms_total: ["tenant", "userAgent", "format"],
    loki_distributor_ingester_appends_total: ["ingester"],
    loki_distributor_replication_factor: [],
    loki_distributor_push_stats_count: ["tenant", "content_type", "content_encoding", "format"],
    loki_bytes_per_line_bucket: ["le"],
    loki_ingester_memory_streams: ["tenant"],
    loki_ingester_memory_chunks: [],
    loki_ingester_streams_created_total: ["tenant"],
    loki_ingester_chunks_stored_total: ["tenant"],
    loki_ingester_chunk_stored_bytes_total: ["tenant"],
    loki_ingester_chunks_flushed_total: ["reason"],
    loki_ingester_chunks_flush_requests_total: [],
    loki_ingester_chunks_flush_failures_total: [],
    loki_ingester_flush_queue_length: [],
    loki_ingester_chunk_entries_bucket: ["le"],
    loki_ingester_chunk_size_bytes_bucket: ["le"],
    loki_ingester_chunk_age_seconds_bucket: ["le"],
    loki_ingester_wal_records_logged_total: [],
    loki_ingester_wal_logged_bytes_total: [],
    loki_ingester_wal_disk_full_failures_total: [],
    loki_ingester_wal_replay_active: [],
    loki_ingester_wal_replay_duration_seconds: [],
    loki_logql_querystats_latency_seconds_bucket: ["status_code", "type", "range", "le"],
    loki_logql_querystats_bytes_processed_total: ["tenant"],
    loki_querier_tail_active: [],
    loki_objstore_bucket_operations_total: ["bucket", "operation"],
    loki_objstore_bucket_operation_duration_seconds_bucket: ["bucket", "operation", "le"],
    loki_boltdb_shipper_compact_tables_operation_total: ["status"],
    loki_boltdb_shipper_compact_tables_operation_duration_seconds: [],
    loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds: [],
    loki_boltdb_shipper_compactor_running: [],
    loki_compactor_apply_retention_operation_total: ["status"],
    loki_compactor_apply_retention_last_successful_run_timestamp_seconds: [],
    loki_compactor_pending_delete_requests_count: [],
    loki_compactor_oldest_pending_delete_request_age_seconds: [],
    loki_ruler_managers_total: [],
    loki_ruler_config_last_reload_successful: [],
    loki_ruler_queries_total: [],
    loki_ruler_queries_failed_total: [],
    loki_prometheus_rule_group_rules: group,
    loki_prometheus_rule_evaluations_total: group,
    loki_prometheus_rule_group_last_duration_seconds: group,
    loki_prometheus_rule_group_last_evaluation_timestamp_seconds: group,
    loki_prometheus_rule_group_interval_seconds: group,
  },
  agent: {
    promtail_sent_entries_total: ["host"],
    promtail_sent_bytes_total: ["host"],
    promtail_encoded_bytes_total: ["host"],
    promtail_dropped_entries_total: ["host", "tenant", "reason"],
    promtail_request_duration_seconds_bucket: ["status_code", "host", "le"],
    promtail_batch_retries_total: ["host", "tenant"],
    promtail_file_bytes_total: ["path"],
    promtail_read_bytes_total: ["path"],
    promtail_read_lines_total: ["path"],
    promtail_files_active_total: [],
    promtail_targets_active_total: [],
    promtail_build_info: ["version"],
  },
};

/** Names that dashboards for Loki and Promtail rely on, though Prometheus would choose others. */
const historical =
  /^(promtail_(file_bytes|read_bytes|files_active|targets_active)_total|loki_ruler_managers_total|loki_distributor_push_stats_count|loki_compactor_pending_delete_requests_count|loki_distributor_lag_ms_total|loki_build_info)/;
