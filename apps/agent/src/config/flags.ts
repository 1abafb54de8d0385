import type { BufferConfig, ClientConfig } from "../push/client-config.ts";
import type { PositionsConfig } from "../positions.ts";
import type { LimitsConfig, ServerConfig } from "./agent-config.ts";
import { parseBytesText, parseGoDuration } from "./units.ts";

/** What the command line says. What is given there wins over the file. */
export interface Flags {
  configFiles: string[];
  expandEnv: boolean;
  checkSyntax: boolean;
  dryRun: boolean;
  stdin: boolean;
  inspect: boolean;
  printConfig: boolean;
  logConfigReversed: boolean;
  version: boolean;
  help: boolean;
  logLevel: string | undefined;
  targetSyncMs: number | undefined;
  server: Partial<ServerConfig>;
  positions: Partial<PositionsConfig>;
  limits: Partial<LimitsConfig>;
  buffer: Partial<BufferConfig>;
  poll: { minPollMs?: number; maxPollMs?: number };
  client: Partial<ClientConfig> | undefined;
}

/** A command line that cannot be used; its text goes to standard error, the exit code is 1. */
export class UsageError extends Error {}

type Kind = "bool" | "text" | "int" | "float" | "duration" | "bytes";
type Value = string | number | boolean;

interface Flag {
  readonly kind: Kind;
  readonly help: string;
  set(flags: MutableFlags, value: never): void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface MutableFlags extends Omit<Flags, "server" | "positions" | "limits" | "buffer" | "client"> {
  server: Partial<Mutable<ServerConfig>>;
  positions: Partial<Mutable<PositionsConfig>>;
  limits: Partial<Mutable<LimitsConfig>>;
  buffer: Partial<Mutable<BufferConfig>>;
  client: Partial<Mutable<ClientConfig>> | undefined;
}

const bool = (help: string, set: (flags: MutableFlags, value: boolean) => void): Flag => ({ kind: "bool", help, set });
const text = (help: string, set: (flags: MutableFlags, value: string) => void): Flag => ({ kind: "text", help, set });
const number = (
  kind: "int" | "float" | "duration" | "bytes",
  help: string,
  set: (flags: MutableFlags, value: number) => void,
): Flag => ({ kind, help, set });
const client = (flags: MutableFlags): Partial<Mutable<ClientConfig>> => (flags.client ??= {});

const flagTable: Record<string, Flag> = {
  "config.file": text("YAML files to load, separated by commas; the first that exists is used.", (flags, value) => {
    flags.configFiles = value.split(",").filter((path) => path !== "");
  }),
  "config.expand-env": bool(
    "Expand ${VAR} in the configuration file.",
    (flags, value) => void (flags.expandEnv = value),
  ),
  "check-syntax": bool("Check the configuration file and exit.", (flags, value) => void (flags.checkSyntax = value)),
  "dry-run": bool("Print entries instead of sending them.", (flags, value) => void (flags.dryRun = value)),
  stdin: bool("Read lines from standard input.", (flags, value) => void (flags.stdin = value)),
  inspect: bool("Show what every stage changes.", (flags, value) => void (flags.inspect = value)),
  "print-config-stderr": bool(
    "Print the configuration to standard error.",
    (flags, value) => void (flags.printConfig = value),
  ),
  "print-config": bool("The same.", (flags, value) => void (flags.printConfig = value)),
  "log-config-reverse-order": bool(
    "Log the configuration, last line first.",
    (flags, value) => void (flags.logConfigReversed = value),
  ),
  version: bool("Print the version and exit.", (flags, value) => void (flags.version = value)),
  help: bool("Print this text and exit.", (flags, value) => void (flags.help = value)),
  h: bool("The same.", (flags, value) => void (flags.help = value)),
  "log.level": text("debug, info, warn or error.", (flags, value) => void (flags.logLevel = value)),
  "log.format": text("Accepted; logs are JSON.", () => undefined),
  "positions.file": text("Where positions are kept.", (flags, value) => void (flags.positions.filename = value)),
  "positions.sync-period": number(
    "duration",
    "How often they are written.",
    (flags, ms) => void (flags.positions.syncPeriodMs = ms),
  ),
  "positions.ignore-invalid-yaml": bool(
    "Start afresh where the positions file is no YAML.",
    (flags, value) => void (flags.positions.ignoreInvalidYaml = value),
  ),
  "target.sync-period": number(
    "duration",
    "How often files are looked for.",
    (flags, ms) => void (flags.targetSyncMs = ms),
  ),
  "file-watch.min_poll_frequency": number(
    "duration",
    "Least wait between looks at a file.",
    (flags, ms) => void (flags.poll.minPollMs = ms),
  ),
  "file-watch.max_poll_frequency": number(
    "duration",
    "Greatest wait between looks at a file.",
    (flags, ms) => void (flags.poll.maxPollMs = ms),
  ),
  "limit.readline-rate": number("float", "Lines a second.", (flags, value) => void (flags.limits.readlineRate = value)),
  "limit.readline-burst": number("int", "Lines at once.", (flags, value) => void (flags.limits.readlineBurst = value)),
  "limit.readline-rate-enabled": bool(
    "Limit lines a second.",
    (flags, value) => void (flags.limits.readlineRateEnabled = value),
  ),
  "limit.readline-rate-drop": bool(
    "Drop what is over the limit, or wait.",
    (flags, value) => void (flags.limits.readlineRateDrop = value),
  ),
  "max-streams": number(
    "int",
    "Most streams of a batch; 0 for no limit.",
    (flags, value) => void (flags.limits.maxStreams = value),
  ),
  "max-line-size": number(
    "bytes",
    "Longest line; 0 for no limit.",
    (flags, value) => void (flags.limits.maxLineSize = value),
  ),
  "max-line-size-truncate": bool(
    "Cut longer lines instead of dropping them.",
    (flags, value) => void (flags.limits.maxLineSizeTruncate = value),
  ),
  "buffer.directory": text("Where batches wait on disk.", (flags, value) => void (flags.buffer.directory = value)),
  "buffer.max-bytes": number(
    "bytes",
    "Most bytes of each queue.",
    (flags, value) => void (flags.buffer.maxBytes = value),
  ),
  "buffer.when-full": text("refuse_newest or drop_oldest.", (flags, value) => {
    if (value !== "refuse_newest" && value !== "drop_oldest") throw new UsageError(`-buffer.when-full: "${value}"`);
    flags.buffer.whenFull = value;
  }),
  "client.url": text("Deprecated: where to push.", (flags, value) => void (client(flags).url = value)),
  "client.batch-wait": number(
    "duration",
    "Deprecated: longest wait of a batch.",
    (flags, ms) => void (client(flags).batchWaitMs = ms),
  ),
  "client.batch-size-bytes": number(
    "bytes",
    "Deprecated: most bytes of a batch.",
    (flags, value) => void (client(flags).batchBytes = value),
  ),
  "client.max-retries": number("int", "Deprecated: retries last as long as the buffer.", () => undefined),
  "client.min-backoff": number(
    "duration",
    "Deprecated: first wait.",
    (flags, ms) => void (client(flags).minBackoffMs = ms),
  ),
  "client.max-backoff": number(
    "duration",
    "Deprecated: longest wait.",
    (flags, ms) => void (client(flags).maxBackoffMs = ms),
  ),
  "client.timeout": number(
    "duration",
    "Deprecated: longest request.",
    (flags, ms) => void (client(flags).timeoutMs = ms),
  ),
  "client.tenant-id": text("Deprecated: tenant.", (flags, value) => void (client(flags).tenantId = value)),
  "client.drop-rate-limited-batches": bool(
    "Deprecated: do not repeat after 429.",
    (flags, value) => void (client(flags).dropRateLimited = value),
  ),
  "client.external-labels": text("Deprecated: labels for all streams, k=v,k2=v2.", (flags, value) => {
    client(flags).externalLabels = Object.fromEntries(
      value.split(",").map((pair) => pair.split("=", 2) as [string, string]),
    );
  }),
  "server.disable": bool("No HTTP server.", (flags, value) => void (flags.server.disable = value)),
  "server.http-listen-address": text(
    "Address of the HTTP server.",
    (flags, value) => void (flags.server.address = value),
  ),
  "server.http-listen-port": number(
    "int",
    "Port of the HTTP server.",
    (flags, value) => void (flags.server.port = value),
  ),
  "server.grpc-listen-address": text("Accepted; there is no gRPC server.", () => undefined),
  "server.grpc-listen-port": number("int", "Accepted; there is no gRPC server.", () => undefined),
  "server.path-prefix": text("Prefix of all paths.", (flags, value) => void (flags.server.pathPrefix = value)),
  "server.external-url": text(
    "URL under which the server is reached.",
    (flags, value) => void (flags.server.externalUrl = value),
  ),
  "server.health-check-target": bool(
    "Ready only with an active target.",
    (flags, value) => void (flags.server.healthCheckTarget = value),
  ),
  "server.enable-runtime-reload": bool(
    "Allow POST /reload.",
    (flags, value) => void (flags.server.runtimeReload = value),
  ),
  "server.register-instrumentation": bool(
    "Serve /metrics.",
    (flags, value) => void (flags.server.registerInstrumentation = value),
  ),
  "server.profiling_enabled": bool("Accepted.", () => undefined),
  "server.graceful-shutdown-timeout": number(
    "duration",
    "Longest stop of the server.",
    (flags, ms) => void (flags.server.gracefulMs = ms),
  ),
};

/** Reads a command line in Go's manner: one dash or two, `-flag value` or `-flag=value`. Throws UsageError. */
export function parseFlags(args: readonly string[]): Flags {
  const flags: MutableFlags = noFlags();
  for (let i = 0; i < args.length; i++) {
    const [, name, given] = /^--?([^=]+)(?:=([^]*))?$/.exec(args[i]!) ?? [];
    if (name === undefined) throw new UsageError(`unexpected argument: ${args[i]}`);
    const flag = flagTable[name];
    if (flag === undefined) throw new UsageError(`flag provided but not defined: -${name}`);
    const raw = given ?? (flag.kind === "bool" ? "true" : args[++i]);
    if (raw === undefined) throw new UsageError(`flag needs an argument: -${name}`);
    flag.set(flags, valueOf(name, flag.kind, raw) as never);
  }
  return flags;
}

/** A command line without any flag. */
export const noFlags = (): MutableFlags & Flags => ({
  configFiles: [],
  expandEnv: false,
  checkSyntax: false,
  dryRun: false,
  stdin: false,
  inspect: false,
  printConfig: false,
  logConfigReversed: false,
  version: false,
  help: false,
  logLevel: undefined,
  targetSyncMs: undefined,
  server: {},
  positions: {},
  limits: {},
  buffer: {},
  poll: {},
  client: undefined,
});

/** All flags with what they do. */
export function usage(): string {
  const rows = Object.entries(flagTable).map(
    ([name, { kind, help }]) => `  -${name}${kind === "bool" ? "" : ` <${kind}>`}\n      ${help}\n`,
  );
  return `Usage of ratatosk agent:\n${rows.join("")}`;
}

function valueOf(name: string, kind: Kind, raw: string): Value {
  const bad = (): never => {
    throw new UsageError(`invalid value "${raw}" for flag -${name}: parse error`);
  };
  switch (kind) {
    case "text":
      return raw;
    case "bool":
      return /^(1|t|true)$/i.test(raw) || (!/^(0|f|false)$/i.test(raw) ? bad() : false);
    case "duration":
      return parseGoDuration(raw) ?? bad();
    case "bytes":
      return parseBytesText(raw) ?? bad();
    default:
      return raw.trim() === "" || Number.isNaN(Number(raw)) ? bad() : Number(raw);
  }
}
