import { type ClientOptions, headersOf, send } from "../client/api.ts";
import { clockFinding } from "./clock.ts";
import { examine, type Finding } from "./finding.ts";
import { parseSamples, type Sample } from "./samples.ts";

/** What to do about lines refused for a reason. */
const adviceByReason: Readonly<Record<string, string>> = {
  rate_limited: "raise limits_config.ingestion_rate_mb and ingestion_burst_size_mb of the tenant, or send less",
  per_stream_rate_limit: "raise limits_config.per_stream_rate_limit, or split the stream by a label",
  stream_limit: "raise limits_config.max_global_streams_per_user, or take labels of many values out of the streams",
  line_too_long: "raise limits_config.max_line_size, or set max_line_size_truncate",
  too_far_behind: "older than an ingester still holds: the agent was down too long, or its clock is wrong",
  out_of_order: "older than an ingester still holds: the agent was down too long, or its clock is wrong",
  greater_than_max_sample_age: "raise limits_config.reject_old_samples_max_age",
  too_far_in_future: "set the sender's clock, or raise limits_config.creation_grace_period",
  max_label_names_per_series: "send fewer labels, or raise limits_config.max_label_names_per_series",
  missing_labels: "give the streams labels",
  invalid_labels: "correct the labels that the sender writes",
};

/** Asks a running server whether it is ready, sound, in time, and what it refuses. */
export async function checkServer(options: ClientOptions): Promise<Finding[]> {
  const advice = "start it, or give its address in --url and who asks in --username or --bearer-token";
  const ready = await examine("server", advice, () => checkReady(options));
  if (ready.some(({ state }) => state === "problem")) return ready;
  return [
    ...ready,
    ...(await examine("services", "look into the server's log", () => checkServices(options))),
    ...(await examine("metrics", "give who may read /metrics", () => checkMetrics(options))),
  ];
}

async function checkReady(options: ClientOptions): Promise<Finding[]> {
  const before = Date.now();
  const response = await send(options, "/ready", { headers: headersOf(options) });
  const after = Date.now();
  const text = (await response.text()).trim();
  const date = Date.parse(response.headers.get("date") ?? "");
  const clock = Number.isNaN(date) ? [] : [clockFinding("the server", date, [before, after])];
  if (response.ok) return [{ state: "ok", about: "server", what: `${options.url} is ready` }, ...clock];
  return [
    { state: "problem", about: "server", what: `${response.status}: ${text}`, advice: "wait, or look into its log" },
    ...clock,
  ];
}

async function checkServices(options: ClientOptions): Promise<Finding[]> {
  const lines = (await textOf(options, "/services")).split("\n").filter(Boolean);
  const down = lines.filter((line) => !line.endsWith("=> Running"));
  if (down.length === 0) return [{ state: "ok", about: "services", what: `${lines.length} services run` }];
  return down.map((what) => ({ state: "problem", about: "services", what, advice: "look into the server's log" }));
}

async function checkMetrics(options: ClientOptions): Promise<Finding[]> {
  const samples = parseSamples(await textOf(options, "/metrics"));
  const findings = [
    ...refused(samples),
    ...counted(samples, "loki_ingester_wal_disk_full_failures_total", "the disk of the write-ahead log was full", {
      state: "problem",
      advice: "make room where ingester.wal.dir lies",
    }),
    ...counted(samples, "loki_ingester_flush_queue_length", "parts of the log wait to be shipped to the store", {
      state: "warning",
      advice: "if it stays so, check the store: what is not shipped fills the log's disk",
    }),
  ];
  return findings.length > 0
    ? findings
    : [{ state: "ok", about: "limits", what: "nothing was refused since the start" }];
}

function refused(samples: readonly Sample[]): Finding[] {
  const found = samples.filter(({ name, value }) => name === "loki_discarded_samples_total" && value > 0);
  return found.map(({ labels: { reason = "", tenant = "" }, value }) => ({
    state: "warning",
    about: "limits",
    what: `${value} lines of tenant ${tenant} were refused since the start: ${reason}`,
    advice: adviceByReason[reason] ?? "see limits_config in the reference of settings",
  }));
}

function counted(
  samples: readonly Sample[],
  metric: string,
  what: string,
  { state, advice }: Pick<Finding, "state" | "advice">,
): Finding[] {
  const sum = samples.filter(({ name }) => name === metric).reduce((total, { value }) => total + value, 0);
  return sum > 0
    ? [{ state, about: "ingester", what: `${sum}: ${what}`, ...(advice !== undefined && { advice }) }]
    : [];
}

async function textOf(options: ClientOptions, path: string): Promise<string> {
  const response = await send(options, path, { headers: headersOf(options) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status}: ${text.trim()}`);
  return text;
}
