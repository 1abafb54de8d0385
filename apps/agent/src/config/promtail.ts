import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { RatatoskError } from "@ratatosk/model";
import { clientDefaults, type ClientConfig } from "../push/client-config.ts";
import type { AgentConfig, LimitsConfig } from "./agent-config.ts";
import { defaultConfig } from "./base-config.ts";
import { checkUnique, limitsOf, readClient } from "./clients.ts";
import { expanded } from "./expanded.ts";
import type { Flags } from "./flags.ts";
import { readJobs } from "./jobs.ts";
import { showConfig } from "./show-config.ts";
import { readServer, serverDefaults } from "./server.ts";
import { parseYaml, type Fields, type YamlNode } from "./yaml-node.ts";

/** Reads the first of the files that exists, as Promtail does. Throws bad_request with file, line and key. */
export function loadPromtailConfig(files: readonly string[], flags: Flags): AgentConfig {
  const file = files.find((path) => existsSync(path));
  if (files.length > 0 && file === undefined)
    throw new RatatoskError(
      "not_found",
      `Unable to parse config: ${files.join(", ")} does not exist, set config.file for custom config path`,
    );
  if (file === undefined && !flags.stdin)
    return parsePromtailConfig(unconfigured(flags), "default configuration", withoutClient(flags));
  const raw = file === undefined ? "" : readFileSync(file, "utf8");
  return parsePromtailConfig(flags.expandEnv ? expanded(raw) : raw, file ?? "flags", flags);
}

const defaultUrl = "http://127.0.0.1:3100/loki/api/v1/push";

/** Without a file the agent reads the containers of its node, or `/var/log`. */
function unconfigured(flags: Flags): string {
  const { url } = flags.client ?? {};
  const directory = dirname(flags.positions.filename ?? "/var/lib/ratatosk-agent/positions.yaml");
  return defaultConfig({ url: url ?? process.env["RATATOSK_URL"] ?? defaultUrl, directory });
}

const withoutClient = (flags: Flags): Flags => ({ ...flags, client: undefined });

/** The same for a text. */
export function parsePromtailConfig(text: string, name: string, flags: Flags): AgentConfig {
  const root = parseYaml(text, name);
  return root.fields((fields) => readRoot(fields, text, flags));
}

function readRoot(fields: Fields, text: string, flags: Flags): AgentConfig {
  const warnings: string[] = [];
  const watch = fields.take("global")?.fields((global) => readFileWatch(global.take("file_watch_config")));
  const target = fields.take("target_config")?.fields((one) => ({
    syncPeriodMs: one.duration("sync_period", 10_000),
    stdin: one.boolean("stdin"),
  }));
  const limits = readLimits(fields.take("limits_config"), flags);
  const clients = readClients(fields, limits, flags);
  const positions = readPositions(fields.take("positions"), flags);
  const wal = readWal(fields.take("wal"));
  fields.take("tracing")?.fields((tracing) => tracing.ignore("enabled", "profiling_enabled"));
  fields.take("options")?.fields(() => undefined);
  const syncPeriodMs = flags.targetSyncMs ?? target?.syncPeriodMs ?? 10_000;
  const poll = watch ?? { minPollMs: 250, maxPollMs: 250 };
  const server = readServer(fields.take("server"), serverDefaults);
  const buffer = readBuffer(fields.take("buffer"), flags, wal ?? `${positions.filename}.buffer`);
  return {
    server: { ...server, ...flags.server },
    clients,
    positions,
    limits,
    buffer,
    syncPeriodMs,
    stdin: flags.stdin || (target?.stdin ?? false),
    jobs: readJobs(fields.take("scrape_configs"), {
      ...poll,
      ...flags.poll,
      syncPeriodMs,
      warnings,
      unsupported: warnings,
    }),
    warnings,
    shown: showConfig(text),
  };
}

const readFileWatch = (node: YamlNode | undefined): { minPollMs: number; maxPollMs: number } | undefined =>
  node?.fields((fields) => ({
    minPollMs: fields.duration("min_poll_frequency", 250),
    maxPollMs: fields.duration("max_poll_frequency", 250),
  }));

function readClients(fields: Fields, limits: LimitsConfig, flags: Flags): ClientConfig[] {
  const single = fields.take("client");
  const list = fields.take("clients");
  const first = single && !single.isNull ? readSingle(single, limits) : undefined;
  const base = { ...first?.externalLabels, ...flags.client?.externalLabels };
  const fromFlags = flags.client?.url
    ? { ...clientDefaults, ...limitsOf(limits), name: "", url: "", ...flags.client }
    : undefined;
  const rest = (list?.list() ?? []).map((node) => readClient(node, base, limits));
  const clients = [fromFlags ?? (first?.url ? first : undefined), ...rest].filter((client) => client !== undefined);
  if (clients.length === 0) throw fields.node.error("at least one client config should be provided");
  checkUnique(clients, (message) => fields.node.error(message));
  return clients;
}

const readSingle = (node: YamlNode, limits: LimitsConfig): ClientConfig => readClient(node, {}, limits);

function readLimits(node: YamlNode | undefined, flags: Flags): LimitsConfig {
  const read = (fields: Fields | undefined): LimitsConfig => ({
    readlineRateEnabled: fields?.boolean("readline_rate_enabled") ?? false,
    readlineRate: fields?.number("readline_rate", 10_000) ?? 10_000,
    readlineBurst: fields?.integer("readline_burst", 10_000) ?? 10_000,
    readlineRateDrop: fields?.boolean("readline_rate_drop", true) ?? true,
    maxStreams: fields?.integer("max_streams", 0) ?? 0,
    maxLineSize: fields?.bytes("max_line_size", 0) ?? 0,
    maxLineSizeTruncate: fields?.boolean("max_line_size_truncate") ?? false,
  });
  const limits = node === undefined ? read(undefined) : node.fields(read);
  return { ...limits, ...flags.limits };
}

function readPositions(node: YamlNode | undefined, flags: Flags): AgentConfig["positions"] {
  const read = (fields: Fields | undefined): AgentConfig["positions"] => ({
    filename: fields?.text("filename", "/var/log/positions.yaml") ?? "/var/log/positions.yaml",
    syncPeriodMs: fields?.duration("sync_period", 10_000) ?? 10_000,
    ignoreInvalidYaml: fields?.boolean("ignore_invalid_yaml") ?? false,
    readOnly: flags.dryRun,
  });
  const positions = node === undefined ? read(undefined) : node.fields(read);
  return { ...positions, ...flags.positions };
}

/** Promtail's write-ahead log is our buffer, in the directory it names. */
const readWal = (node: YamlNode | undefined): string | undefined =>
  node?.fields((fields) => {
    fields.ignore("cleanSegmentsOlderThan", "watchConfig");
    const directory = fields.text("dir");
    return fields.boolean("enabled") && directory !== "" ? join(directory, "buffer") : undefined;
  });

function readBuffer(node: YamlNode | undefined, flags: Flags, usual: string): AgentConfig["buffer"] {
  const read = (fields: Fields | undefined): AgentConfig["buffer"] => {
    const whenFull = fields?.text("when_full", "refuse_newest") ?? "refuse_newest";
    if (whenFull !== "refuse_newest" && whenFull !== "drop_oldest")
      throw fields!.node.error(`when_full must be refuse_newest or drop_oldest, got "${whenFull}"`);
    return {
      directory: fields?.text("directory", usual) ?? usual,
      maxBytes: fields?.bytes("max_bytes", 2 ** 30) ?? 2 ** 30,
      whenFull,
    };
  };
  const buffer = node === undefined ? read(undefined) : node.fields(read);
  return { ...buffer, ...flags.buffer };
}
