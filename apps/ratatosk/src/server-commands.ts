import { settingsOf, type Setting } from "@ratatosk/config";
import { type Command, Option } from "commander";
import { collect, withServer } from "./client/commands.ts";
import { Config } from "./config.ts";
import type { DoctorOptions } from "./doctor/run-doctor.ts";
import { type ConfigFlags, readConfig } from "./read-config.ts";
import type { Role } from "./roles.ts";
import type { StorageAction } from "./storage/run-storage.ts";

const roles: [name: Role, what: string][] = [
  ["all", "run every role in one process"],
  ["distributor", "role: takes pushes, validates them, sends them to the ingesters"],
  ["ingester", "role: keeps what is new in its write-ahead log and memory, ships it to the store"],
  ["querier", "role: answers queries from the ingesters and the store"],
  ["compactor", "role: merges small objects, applies retention and deletes"],
  ["ruler", "role: evaluates alerting and recording rules"],
];

const storageActions: [action: StorageAction, what: string][] = [
  ["ls", "sizes of tenants and days"],
  ["stat", "sizes of streams"],
  ["verify", "read everything, tell what is damaged, missing or an orphan"],
];

interface Outcome {
  code: number;
}

/** `ratatosk all | distributor | …`, `start`, `import` and `storage …`. */
export function addServerCommands(program: Command, outcome: Outcome): void {
  for (const [role, what] of roles)
    withSettings(program.command(role).description(what)).action(async (options: Options) => {
      const { runRole } = await import("./run.ts");
      outcome.code = await verifyOr(options, (config, defaults) => runRole(role, config, defaults));
    });
  withSettings(program.command("start").description("run everything and collect this machine's logs")).action(
    async (options: Options) => {
      const { runStart } = await import("./start.ts");
      outcome.code = await verifyOr(options, (config) => runStart(config));
    },
  );
  withSettings(
    program.command("import").description("copy old Loki buckets (storage.loki_buckets) into our own storage"),
  )
    .option("--from <time>", "first day, such as 2026-01-31, or how long ago, such as 30d")
    .option("--to <time>", "last moment, the same way")
    .option("--without-index", "the buckets have no index: read their chunks alone")
    .option("--dry-run", "only tell what there is, and about how large and long it would be")
    .action(async (options: Options) => {
      const { runImport } = await import("./import/run-import.ts");
      outcome.code = await verifyOr(options, (config) => runImport(config, options));
    });
  const storage = program.command("storage").description("look at what is stored, with the settings of a server");
  for (const [action, what] of storageActions)
    withSettings(storage.command(action).description(what)).action(async (options: Options) => {
      const { runStorage } = await import("./storage/run-storage.ts");
      outcome.code = await verifyOr(options, (config) => runStorage(action, config));
    });
  withSettings(
    storage
      .command("dump <names...>")
      .description("print what segments, index files and logs hold: paths of files, or keys"),
  )
    .option("--json", "a line of JSON each")
    .option("--lines", "the log lines too")
    .action(async (names: string[], options: Options) => {
      const { runDump } = await import("./storage/dump/run-dump.ts");
      const how = { json: isOn(options["json"]), lines: isOn(options["lines"]) };
      outcome.code = await verifyOr(options, (config) => runDump(names, config, how));
    });
  const config = program.command("config").description("look at a configuration");
  withSettings(
    config.command("migrate").description("print the configuration in our words; the file may be Loki's"),
  ).action(async (options: Options) => {
    const { runMigrate } = await import("./loki-config/migrate.ts");
    outcome.code = await runMigrate(configFlags(options));
  });
  withServer(withSettings(program.command("doctor").description("check a configuration and a running system")))
    .option("--agent <url>", "an agent's HTTP address, may be repeated", collect, [])
    .action(async (options: Options) => {
      const { runDoctor } = await import("./doctor/run-doctor.ts");
      outcome.code = await runDoctor(configFlags(options), options as unknown as DoctorOptions);
    });
  // Run before this program is made; here for the help.
  program.command("agent").description("collect logs by a Promtail or Alloy configuration");
}

type Options = Readonly<Record<string, string | boolean | undefined>>;

function withSettings(command: Command): Command {
  command
    .option("--config.file <files>", "configuration; of several, comma-separated, the first that exists")
    .option("--config.expand-env [true|false]", "replace ${VAR} and ${VAR:default} in the configuration")
    .option("--verify-config [true|false]", "check the configuration and exit");
  for (const setting of settingsOf(Config)) command.addOption(settingOption(setting));
  return command;
}

function settingOption({ path, type, default: usual, description }: Setting): Option {
  const value = type === "true|false" ? `[${type}]` : `<${type}>`;
  const note = usual === undefined || usual === '""' ? "" : ` (default ${usual})`;
  return new Option(`--${path.join(".")} ${value}`, `${description}${note}`);
}

function verifyOr(
  options: Options,
  run: (config: Config, defaults: Config) => Promise<number>,
): Promise<number> | number {
  const { config, defaults } = readConfig(configFlags(options));
  if (!isOn(options["verifyConfig"])) return run(config, defaults);
  process.stdout.write("configuration is valid\n");
  return 0;
}

const isOn = (option: string | boolean | undefined): boolean => option === true || option === "true";

/** Commander keeps options in camel case; settings are told from them by their own path. */
function configFlags(options: Options): ConfigFlags {
  const settings = new Map<string, string>();
  for (const { path } of settingsOf(Config)) {
    const name = path.join(".");
    const value = options[name];
    if (value !== undefined) settings.set(name, String(value));
  }
  return {
    file: options["config.file"] as string | undefined,
    expandEnv: isOn(options["config.expandEnv"]),
    settings,
  };
}
