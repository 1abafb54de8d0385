import { dirname, join } from "node:path";
import { ConfigError } from "@ratatosk/config";
import { isSection, type Section, SettingsTree } from "./settings-tree.ts";
import { type Place, takeStorage } from "./storage.ts";
import { withoutMeaning } from "./without-meaning.ts";

export interface Translation {
  /** In the words of our configuration; not validated. */
  readonly config: Section;
  /** Loki's settings that have no meaning here. */
  readonly ignored: readonly string[];
}

const lokiOnly = ["common", "storage_config"];
const moved: readonly (readonly [from: string, to: string])[] = [
  ["chunk_store_config.max_look_back_period", "limits_config.max_query_lookback"],
  ["querier.query_timeout", "limits_config.query_timeout"],
  ["querier.engine.timeout", "limits_config.query_timeout"],
  ["ruler.notification_timeout", "ruler.alertmanager_timeout"],
  ["ruler.storage.local.directory", "ruler.rule_directory"],
  ["ruler.remote_write.client", "ruler.remote_write.clients.default"],
  ["limits_config.per_tenant_override_config", "runtime_config.file"],
  ["common.replication_factor", "ring.replication_factor"],
  ["ingester.lifecycler.ring.replication_factor", "ring.replication_factor"],
  ["limits_config.per_tenant_override_period", "runtime_config.period"],
];

/** What holds where a file of Loki's says nothing, and our own default is another. */
export const lokiDefaults: Section = {
  auth_enabled: true,
  server: { http_listen_address: "0.0.0.0", grpc_listen_address: "0.0.0.0" },
};

/** Whether a parsed file is Loki's: it says where chunks lie as Loki does, and not as we do. */
export const isLokiConfig = (value: unknown): value is Section =>
  isSection(value) && !("storage" in value) && (lokiOnly.some((key) => key in value) || hasPeriods(value));

const hasPeriods = ({ schema_config }: Section): boolean =>
  isSection(schema_config) && Array.isArray(schema_config["configs"]) && schema_config["configs"].length > 0;

/**
 * Loki's configuration in our words. What the old Loki stored is read in place; what comes new lies beside it, in
 * `ratatosk` below `path_prefix` or in a bucket of its own. `file` is where the periods are read from. Throws ConfigError.
 */
export function translateLoki(loki: Section, file: string): Translation {
  const tree = new SettingsTree(loki);
  const prefix = tree.text("common.path_prefix");
  const { newest, all, ignored } = takeStorage(tree, file);
  for (const [from, to] of moved) tree.suggest(to, tree.take(from));
  if (tree.take("ruler.storage.type") === "local") tree.drop("ruler.storage.local");
  moveRetention(tree);
  tree.prune();
  const dropped = withoutMeaning.flatMap((pattern) => tree.drop(pattern)).concat(dropOfClients(tree));
  refuseRest(tree, file);
  placeData(tree, join(prefix ?? directoryBeside(newest), "ratatosk"), newest);
  tree.suggest(
    "storage.loki_buckets",
    all.map((place) => ({
      ...place,
      schema_config: file,
      cache_directory: join(prefix ?? directoryBeside(newest), "ratatosk/loki-cache"),
    })),
  );
  tree.suggestAll(lokiDefaults);
  tree.prune();
  return { config: tree.root, ignored: [...ignored, ...dropped.filter((path) => path !== "schema_config.configs")] };
}

/** The table manager's retention, from before the compactor had one. */
function moveRetention(tree: SettingsTree): void {
  const [enabled, period] = [
    tree.take("table_manager.retention_deletes_enabled"),
    tree.take("table_manager.retention_period"),
  ];
  if (enabled !== true || period === undefined) return;
  tree.suggest("limits_config.retention_period", period);
  tree.suggest("compactor.retention_enabled", true);
}

const clientSettings = new Set(["url", "headers", "remote_timeout"]);

/** What receivers of recording rules cannot be told here. */
function dropOfClients(tree: SettingsTree): string[] {
  const all = "ruler.remote_write.clients";
  const names = new Set(tree.paths(all).map((path) => path.split(".")[3]!));
  return [...names].flatMap((name) => {
    const settings = new Set(tree.paths(`${all}.${name}`).map((path) => path.split(".")[4]!));
    return [...settings].filter((key) => !clientSettings.has(key)).flatMap((key) => tree.drop(`${all}.${name}.${key}`));
  });
}

/** Settings of Loki's own sections that are left are none of Loki's. */
function refuseRest(tree: SettingsTree, file: string): void {
  tree.prune();
  const [unknown] = lokiOnly.flatMap((section) => tree.paths(section));
  if (unknown !== undefined) throw new ConfigError(`${file}: ${unknown}: unknown setting, neither Loki's nor ours`);
}

function placeData(tree: SettingsTree, own: string, newest: Place | undefined): void {
  const wal = tree.text("ingester.wal.dir");
  tree.suggest("ingester.wal.dir", wal === undefined ? join(own, "wal") : join(wal, "ratatosk"));
  tree.suggest("ingester.shutdown_marker_path", join(own, "shutdown"));
  tree.suggest("store.cache_directory", join(own, "cache"));
  const place =
    newest !== undefined && "s3" in newest
      ? { s3: { ...newest.s3, bucket: `${String(newest.s3["bucket"])}-ratatosk` } }
      : { filesystem: { directory: join(own, "data") } };
  tree.suggest("storage", place);
}

const directoryBeside = (place: Place | undefined): string =>
  place !== undefined && "filesystem" in place ? dirname(place.filesystem.directory) : ".";
