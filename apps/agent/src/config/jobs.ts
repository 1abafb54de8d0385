import { readStages } from "./stages.ts";
import type {
  DockerSdConfig,
  JobConfig,
  JournalConfig,
  PushApiConfig,
  SourceConfig,
  StaticConfig,
  SyslogConfig,
} from "./agent-config.ts";
import { readTlsServer, takeHttpClient } from "./http-client.ts";
import { readRelabelRules } from "./relabel.ts";
import { readServer, serverDefaults } from "./server.ts";
import { parseLongDuration } from "./units.ts";
import type { Fields, YamlNode } from "./yaml-node.ts";

interface Context {
  readonly minPollMs: number;
  readonly maxPollMs: number;
  readonly syncPeriodMs: number;
  readonly warnings: string[];
  /** Told of parts that this agent has not. */
  readonly unsupported: string[];
}

/** Sources that Promtail has and this agent has not: their jobs are refused, the others run. */
const unsupported = [
  "kubernetes_sd_configs",
  "consul_sd_configs",
  "consulagent_sd_configs",
  "dns_sd_configs",
  "ec2_sd_configs",
  "gce_sd_configs",
  "azure_sd_configs",
  "openstack_sd_configs",
  "triton_sd_configs",
  "digitalocean_sd_configs",
  "marathon_sd_configs",
  "nerve_sd_configs",
  "serverset_sd_configs",
  "gcplog",
  "windows_events",
  "kafka",
  "azure_event_hub",
  "gelf",
  "cloudflare",
  "heroku_drain",
];

/** The list of jobs. */
export function readJobs(node: YamlNode | undefined, context: Context): JobConfig[] {
  const jobs = (node?.list() ?? []).map((one) => one.fields((fields) => readJob(one, fields, context)));
  const names = new Set<string>();
  for (const [i, { name }] of jobs.entries()) {
    if (names.has(name)) throw node!.list()[i]!.error(`found multiple scrape configs with job name "${name}"`);
    names.add(name);
  }
  return jobs;
}

function readJob(node: YamlNode, fields: Fields, context: Context): JobConfig {
  const name = fields.text("job_name");
  if (name === "") throw node.error("job_name is empty or missing");
  const stages = readStages(fields.take("pipeline_stages"), name);
  const relabelRules = readRelabelRules(fields.take("relabel_configs"));
  const sources = readSources(name, fields, context);
  const [source, ...others] = sources;
  if (others.length > 0)
    context.warnings.push(`job ${name} has several sources, only its ${source!.kind} source is read`);
  return { name, stages, relabelRules, source: source ?? { kind: "none" }, fingerprint: node.print() };
}

function readSources(job: string, fields: Fields, context: Context): SourceConfig[] {
  const file = {
    job,
    encoding: fields.text("encoding") || undefined,
    decompression: readDecompression(fields.take("decompression")),
    minPollMs: context.minPollMs,
    maxPollMs: context.maxPollMs,
    syncPeriodMs: context.syncPeriodMs,
  };
  const statics = fields.list("static_configs").map(readStatic);
  const fileSds = fields.list("file_sd_configs").map(readFileSd);
  const swarmSds = fields.list("dockerswarm_sd_configs").map((one) => readDockerSd(one, true));
  const engines = fields.list("docker_sd_configs").map((one) => readDockerSd(one, false));
  const journal = fields.take("journal");
  const syslog = fields.take("syslog");
  const push = fields.take("loki_push_api");
  for (const key of unsupported)
    if (fields.take(key)) context.unsupported.push(`${key} of job ${job} is not supported and not read`);
  const sources: SourceConfig[] = [];
  if (statics.length + fileSds.length + swarmSds.length > 0)
    sources.push({ kind: "files", statics, fileSds, swarmSds, file });
  if (journal) sources.push({ kind: "journal", journal: journal.fields(takeJournal) });
  if (syslog) sources.push({ kind: "syslog", syslog: syslog.fields((one) => takeSyslog(syslog, one)) });
  if (push) sources.push({ kind: "push", push: push.fields(takePush) });
  if (engines.length > 0) sources.push({ kind: "docker", engines });
  return sources;
}

const readStatic = (node: YamlNode): StaticConfig =>
  node.fields((fields) => {
    const targets = fields.texts("targets");
    return { targets: targets.length > 0 ? targets : ["localhost"], labels: fields.textMap("labels") };
  });

const readFileSd = (node: YamlNode): { files: string[]; refreshMs: number } =>
  node.fields((fields) => {
    const files = fields.texts("files");
    if (files.length === 0) throw node.error("file service discovery config must contain at least one path name");
    for (const file of files)
      if (!/^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$/.test(file))
        throw node.error(`path name "${file}" is not valid for file discovery`);
    return { files, refreshMs: takeRefresh(fields, 300_000) };
  });

function takeRefresh(fields: Fields, usualMs: number): number {
  const node = fields.take("refresh_interval");
  if (node === undefined) return usualMs;
  const ms = parseLongDuration(node.text());
  if (ms === undefined) throw node.error(`not a valid duration string: "${node.text()}"`);
  return ms;
}

const readDecompression = (node: YamlNode | undefined): { format: string; initialDelayMs: number } | undefined =>
  node?.fields((fields) => {
    const config = { format: fields.text("format"), initialDelayMs: fields.duration("initial_delay", 0) };
    return fields.boolean("enabled") ? config : undefined;
  });

const roles = ["services", "tasks", "nodes"] as const;

function readDockerSd(node: YamlNode, isSwarm: boolean): DockerSdConfig {
  return node.fields((fields) => {
    const host = fields.text("host");
    if (host === "") throw node.error("host missing");
    const filters = new Map(
      fields
        .list("filters")
        .map((one) => one.fields((filter) => [filter.text("name"), filter.texts("values")] as const)),
    );
    const given = isSwarm ? fields.text("role") : undefined;
    const role = roles.find((known) => known === given);
    if (isSwarm && role === undefined) throw node.error("role missing (one of: tasks, services, nodes)");
    return {
      host,
      filters,
      port: fields.integer("port", 80),
      hostNetworkingHost: fields.text("host_networking_host", "localhost"),
      matchFirstNetwork: fields.boolean("match_first_network", true),
      refreshMs: takeRefresh(fields, 60_000),
      http: takeHttpClient(fields),
      ...(role ? { role } : {}),
    };
  });
}

const takeJournal = (fields: Fields): JournalConfig => ({
  json: fields.boolean("json"),
  maxAgeMs: fields.duration("max_age", 7 * 3_600_000),
  labels: fields.textMap("labels"),
  path: fields.text("path"),
  matches: fields.text("matches"),
});

function takeSyslog(node: YamlNode, fields: Fields): SyslogConfig {
  const listenAddress = fields.text("listen_address");
  if (listenAddress === "") throw node.error("syslog target requires listen_address");
  const protocol = fields.text("listen_protocol", "tcp");
  const format = fields.text("syslog_format", "rfc5424");
  if (protocol !== "tcp" && protocol !== "udp")
    throw node.error(`invalid listen_protocol "${protocol}", must be tcp or udp`);
  if (format !== "rfc5424" && format !== "rfc3164") throw node.error(`invalid syslog_format "${format}"`);
  const tls = fields.take("tls_config");
  return {
    listenAddress,
    protocol,
    format,
    idleTimeoutMs: fields.duration("idle_timeout", 120_000),
    labelStructuredData: fields.boolean("label_structured_data"),
    labels: fields.textMap("labels"),
    useIncomingTimestamp: fields.boolean("use_incoming_timestamp"),
    useRfc5424Message: fields.boolean("use_rfc5424_message"),
    maxMessageLength: fields.integer("max_message_length", 8192),
    tls: tls ? readTlsServer(tls) : undefined,
  };
}

const takePush = (fields: Fields): PushApiConfig => ({
  server: readServer(fields.take("server"), serverDefaults),
  labels: fields.textMap("labels"),
  useIncomingTimestamp: fields.boolean("use_incoming_timestamp"),
  maxSendMsgSize: fields.bytes("max_send_msg_size", 100 * 1024 * 1024),
});
