import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type ReadConfig, readConfigFile } from "../read-config.ts";

const directory = mkdtempSync(join(tmpdir(), "loki-config-"));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, "loki.yaml");

function read(yaml: string): ReadConfig {
  writeFileSync(file, yaml);
  return readConfigFile({ file, expandEnv: false, settings: new Map() });
}

const period = (store: string, objects: string, more = ""): string =>
  `{from: 2022-01-01, store: ${store}, object_store: ${objects}, schema: v11, index: {prefix: index_, period: 24h}${more}}`;
const schema = (...periods: string[]): string => `schema_config: {configs: [${periods.join(", ")}]}\n`;

const local = `
auth_enabled: false
server: {http_listen_port: 3100, grpc_listen_port: 9096, grpc_server_max_concurrent_streams: 1000, log_format: json}
common:
  instance_addr: 127.0.0.1
  path_prefix: /loki
  storage: {filesystem: {chunks_directory: /loki/chunks, rules_directory: /loki/rules}}
  replication_factor: 1
  ring: {kvstore: {store: inmemory}}
query_range: {results_cache: {cache: {embedded_cache: {enabled: true, max_size_mb: 100}}}}
limits_config: {reject_old_samples: true, reject_old_samples_max_age: 168h, max_query_parallelism: 32}
frontend: {encoding: protobuf}
${schema(period("tsdb", "filesystem"))}`;

test("Loki's local example: new data lies beside the old, which is read in place", () => {
  const { config, translation } = read(local);
  expect(config).toMatchObject({
    auth_enabled: false,
    ring: { replication_factor: 1 },
    server: { http_listen_address: "0.0.0.0", http_listen_port: 3100, grpc_listen_port: 9096 },
    storage: { filesystem: { directory: "/loki/ratatosk/data" } },
    ingester: { wal: { dir: "/loki/ratatosk/wal" } },
    limits_config: { reject_old_samples_max_age: 7 * 86_400_000 },
  });
  expect(config.storage.loki_buckets).toMatchObject([
    { filesystem: { directory: "/loki/chunks" }, schema_config: file, cache_directory: "/loki/ratatosk/loki-cache" },
  ]);
  expect(translation!.ignored.toSorted()).toEqual([
    "common.instance_addr",
    "common.ring",
    "common.storage.filesystem.rules_directory",
    "frontend",
    "limits_config.max_query_parallelism",
    "query_range",
    "server.grpc_server_max_concurrent_streams",
    "server.log_format",
  ]);
});

test.each<[what: string, yaml: string, s3: object]>([
  [
    "common.storage.s3, as for MinIO",
    `common: {path_prefix: /loki, storage: {s3: {endpoint: "http://minio:9000", bucketnames: logs, access_key_id: a, secret_access_key: b, s3forcepathstyle: true}}}`,
    { endpoint: "minio:9000", bucket: "logs", access_key_id: "a", secret_access_key: "b", insecure: true },
  ],
  [
    "storage_config.aws with a URL of keys, host and bucket",
    `storage_config: {tsdb_shipper: {active_index_directory: /i}, aws: {s3: "s3://key:se%2Fcret@minio.local:9000/logs", s3forcepathstyle: true}}`,
    { endpoint: "minio.local:9000", bucket: "logs", access_key_id: "key", secret_access_key: "se/cret" },
  ],
  [
    "storage_config.aws with a URL of region and bucket",
    `storage_config: {boltdb_shipper: {shared_store: s3}, aws: {s3: "s3://eu-west-1/logs"}}`,
    { endpoint: "s3.eu-west-1.amazonaws.com", region: "eu-west-1", bucket: "logs", s3forcepathstyle: false },
  ],
  [
    "settings in Go's spelling",
    `storage_config: {aws: {endpoint: s3.example.com, bucketnames: "logs,more", region: r, s3ForcePathStyle: true, sse_encryption: true}}`,
    { endpoint: "s3.example.com", bucket: "logs", region: "r", s3forcepathstyle: true },
  ],
])("S3: %s", (_, yaml, s3) => {
  const { config } = read(`${yaml}\n${schema(period("tsdb", "s3"))}`);
  expect(config.storage.loki_buckets).toMatchObject([{ s3 }]);
  expect(config.storage.s3).toMatchObject({ ...s3, bucket: "logs-ratatosk" });
});

test("periods in two stores are two old buckets, and the newest says where new data lies", () => {
  const storage = `storage_config: {filesystem: {directory: /old/chunks}, aws: {s3: "s3://k:s@minio:9000/logs"}}`;
  const newer = period("tsdb", "s3").replace("2022", "2024");
  const { config } = read(`${storage}\n${schema(newer, period("boltdb-shipper", "filesystem"))}`);
  expect(config.storage.loki_buckets).toMatchObject([
    { filesystem: { directory: "/old/chunks" } },
    { s3: { bucket: "logs" } },
  ]);
  expect(config.storage.s3!.bucket).toBe("logs-ratatosk");
});

test("old ways to say retention, lookback, rules and overrides are understood", () => {
  const { config, translation } = read(`
storage_config: {boltdb_shipper: {active_index_directory: /i, cache_location: /c}, filesystem: {directory: /loki/chunks}}
table_manager: {retention_deletes_enabled: true, retention_period: 672h}
chunk_store_config: {max_look_back_period: 168h}
limits_config: {per_tenant_override_config: /etc/overrides.yaml, enforce_metric_name: false}
ingester: {lifecycler: {ring: {replication_factor: 1}}, chunk_idle_period: 1h, chunk_retain_period: 30s, wal: {dir: /wal}}
querier: {max_concurrent: 2048, query_timeout: 2m}
ruler:
  storage: {type: local, local: {directory: /rules}}
  alertmanager_url: http://alertmanager:9093
  enable_alertmanager_v2: true
  remote_write: {enabled: true, client: {url: "http://prometheus/api/v1/write", queue_config: {capacity: 1}}}
${schema(period("boltdb-shipper", "filesystem"))}`);
  expect(config).toMatchObject({
    limits_config: { retention_period: 28 * 86_400_000, max_query_lookback: 7 * 86_400_000, query_timeout: 120_000 },
    compactor: { retention_enabled: true },
    runtime_config: { file: "/etc/overrides.yaml" },
    ingester: { chunk_idle_period: 3_600_000, wal: { dir: "/wal/ratatosk" } },
    ruler: {
      rule_directory: "/rules",
      remote_write: { clients: { default: { url: "http://prometheus/api/v1/write" } } },
    },
    storage: { filesystem: { directory: "/loki/ratatosk/data" } },
  });
  expect(config.querier.max_concurrent).toBe(0);
  expect(translation!.ignored.toSorted()).toEqual([
    "ingester.chunk_retain_period",
    "limits_config.enforce_metric_name",
    "querier.max_concurrent",
    "ruler.enable_alertmanager_v2",
    "ruler.remote_write.clients.default.queue_config",
    "storage_config.boltdb_shipper",
  ]);
});

test("what a file of Loki's does not say is as in Loki: requests name their tenants, all addresses are listened on", () => {
  const server = { http_listen_address: "0.0.0.0", grpc_listen_address: "0.0.0.0" };
  const { config, defaults } = read("common: {path_prefix: /loki}");
  expect([config, defaults]).toMatchObject([
    { auth_enabled: true, server },
    { auth_enabled: true, server },
  ]);
  expect(read("storage: {filesystem: {directory: /d}}").defaults).toMatchObject({ auth_enabled: false });
});

test("periods of a store that cannot be read are named, and none of the bucket is", () => {
  const { config, translation } = read(
    `storage_config: {filesystem: {directory: /c}}\n${schema(period("boltdb", "filesystem"))}`,
  );
  expect(config.storage.loki_buckets).toEqual([]);
  expect(translation!.ignored).toEqual(["schema_config (its store boltdb cannot be read)"]);
});

test.each([
  ["common: {path_prefx: /loki}", "common.path_prefx: unknown setting"],
  ["common: {storage: {filesystem: {chunk_directory: /loki}}}", "common.storage.filesystem.chunk_directory: unknown"],
  ["storage_config: {filesytem: {directory: /c}}", "storage_config.filesytem.directory: unknown setting"],
  ["common: {path_prefix: /loki}\nlimits_config: {retention_perid: 24h}", "loki.yaml:2: limits_config.retention_perid"],
  ["common: {path_prefix: /loki}\nanalitics: {reporting_enabled: false}", "loki.yaml:2: analitics: unknown setting"],
  ["common: {path_prefix: /loki}\nserver: {http_listen_prot: 3100}", "expected http_listen_port?"],
  ["common: {path_prefix: /loki}\ncompactor: {retention_enabled: 7}", "compactor.retention_enabled"],
  [`storage_config: {gcs: {bucket_name: b}}\n${schema(period("tsdb", "gcs"))}`, "object_store gcs cannot be used"],
])("a typing error is refused: %s", (yaml, message) => {
  expect(() => read(yaml)).toThrow(message);
});

test("a configuration of ours is not taken for Loki's", () => {
  const { config, translation } = read("storage: {filesystem: {directory: /d}}\nschema_config: {configs: [{from: x}]}");
  expect(translation).toBeUndefined();
  expect(config.server.http_listen_address).toBe("127.0.0.1");
});
