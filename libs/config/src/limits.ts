import { z } from "zod";
import { printDuration } from "./print-units.ts";
import { bytes, duration } from "./units.ts";

const serviceNameLabels = [
  "service",
  "app",
  "application",
  "app_name",
  "name",
  "app_kubernetes_io_name",
  "container",
  "container_name",
  "k8s_container_name",
  "component",
  "workload",
  "job",
  "k8s_job_name",
];
const levelFields = [
  "level",
  "LEVEL",
  "Level",
  "log.level",
  "severity",
  "SEVERITY",
  "Severity",
  "SeverityText",
  "lvl",
  "LVL",
  "Lvl",
  "severity_text",
  "Severity_Text",
  "SEVERITY_TEXT",
];

const otlpAction = z.enum(["index_label", "structured_metadata", "drop"]).prefault("structured_metadata");
const attributesConfig = z.strictObject({
  action: otlpAction.describe("What becomes of the attributes."),
  attributes: z.array(z.string()).optional().describe("Names of attributes; or `regex`."),
  regex: z.string().optional().describe("Expression that whole attribute names match; or `attributes`."),
});

/** How OTLP attributes are stored; see http-api "OTLP". */
const OtlpConfig = z.strictObject({
  severity_text_as_label: z.boolean().prefault(false).describe("Also keep the severity text as a stream label."),
  resource_attributes: z
    .strictObject({
      ignore_defaults: z.boolean().prefault(false).describe("Do not make labels of the default resource attributes."),
      attributes_config: z
        .array(attributesConfig)
        .prefault([])
        .describe("Rules, the first that names an attribute counts."),
    })
    .prefault({})
    .describe("Rules for resource attributes."),
  scope_attributes: z
    .array(attributesConfig)
    .prefault([])
    .describe("Rules for scope attributes; index_label is not allowed."),
  log_attributes: z.array(attributesConfig).prefault([]).describe("Rules for attributes of log records."),
});

const blockedQuery = z.strictObject({
  pattern: z.string().prefault("").describe("The query's text, or an expression for it."),
  regex: z.boolean().prefault(false).describe("`pattern` is a regular expression."),
  hash: z.number().prefault(0).describe("FNV-1 32-bit hash of the query's text."),
  types: z.string().prefault("").describe("Kinds of query: metric, filter, limited; comma-separated, empty for all."),
  tags: z.record(z.string(), z.string()).prefault({}).describe("X-Query-Tags that the request must carry."),
});

const policyMapping = z.strictObject({
  selector: z.string().describe("Streams that fall under the policy."),
  priority: z.number().prefault(0).describe("The highest priority wins."),
});

const shortestRetentionMs = 86_400_000;

const retentionStream = z.strictObject({
  selector: z.string().describe("Streams it applies to."),
  priority: z.number().prefault(0).describe("The highest priority wins."),
  period: duration
    .refine((ms) => ms >= shortestRetentionMs, {
      error: ({ input }) => `retention period must be >= 24h was ${printDuration(Number(input))}`,
    })
    .describe("How long their lines are kept; at least 24h."),
});

/** `limits_config`, with Loki's names and defaults. Any of it may differ by tenant (`runtime_config`). Durations are ms. */
export const LimitsConfig = z.strictObject({
  // Pushes
  ingestion_rate_strategy: z
    .enum(["global", "local"])
    .prefault("global")
    .describe("global: the rate limit is shared by all distributors; local: each has it."),
  ingestion_rate_mb: z.number().prefault(4).describe("MiB a second that a tenant may push."),
  ingestion_burst_size_mb: z.number().prefault(6).describe("MiB that a tenant may push at once."),
  max_label_name_length: z.number().prefault(1024).describe("Longest label name, bytes."),
  max_label_value_length: z.number().prefault(2048).describe("Longest label value, bytes."),
  max_label_names_per_series: z.number().prefault(15).describe("Most labels of a stream, service_name not counted."),
  reject_old_samples: z.boolean().prefault(true).describe("Refuse lines older than reject_old_samples_max_age."),
  reject_old_samples_max_age: duration.prefault("1w").describe("Oldest line accepted."),
  creation_grace_period: duration.prefault("10m").describe("How far in the future a line may lie."),
  max_line_size: bytes.prefault("256KB").describe("Longest line; 0 for no limit."),
  max_line_size_truncate: z.boolean().prefault(false).describe("Cut longer lines instead of refusing them."),
  max_line_size_truncate_identifier: z.string().prefault("").describe("Text that ends a line which was cut."),
  increment_duplicate_timestamp: z
    .boolean()
    .prefault(false)
    .describe("Move a line by 1 ns where its time is that of the line before."),
  unordered_writes: z
    .boolean()
    .prefault(true)
    .describe("Kept for Loki's configurations: lines may always come out of order."),
  allow_structured_metadata: z.boolean().prefault(true).describe("Accept structured metadata."),
  max_structured_metadata_size: bytes
    .prefault("64KB")
    .describe("Most structured metadata of a line, names and values."),
  max_structured_metadata_entries_count: z.number().prefault(128).describe("Most structured metadata pairs of a line."),
  discover_service_name: z
    .array(z.string())
    .prefault(serviceNameLabels)
    .describe("Labels from which service_name is made; empty to make none."),
  discover_log_levels: z.boolean().prefault(true).describe("Detect each line's level and keep it as detected_level."),
  log_level_fields: z.array(z.string()).prefault(levelFields).describe("Names of fields that hold a level."),
  log_level_from_json_max_depth: z
    .number()
    .prefault(2)
    .describe("How deep in JSON lines a level is sought; 0 for any depth."),
  discover_generic_fields: z
    .strictObject({
      fields: z
        .record(z.string(), z.array(z.string()))
        .prefault({})
        .describe("Metadata names, each with the fields from which it is copied."),
    })
    .prefault({})
    .describe("Fields that become metadata."),
  otlp_config: OtlpConfig.prefault({}).describe("What becomes of OTLP attributes."),
  policy_stream_mapping: z
    .record(z.string(), z.array(policyMapping))
    .prefault({})
    .describe("Policies, each with the streams that fall under it."),
  policy_enforced_labels: z
    .record(z.string(), z.array(z.string()))
    .prefault({})
    .describe("Labels that each stream of a policy must have."),
  block_ingestion_policy_until: z
    .record(z.string(), z.string())
    .prefault({})
    .describe("Refuse pushes to the streams of a policy until this time (RFC 3339)."),
  enforced_labels: z.array(z.string()).prefault([]).describe("Labels that each stream must have."),
  block_ingestion_until: z.string().prefault("").describe("Refuse all pushes until this time (RFC 3339)."),
  block_ingestion_status_code: z.number().prefault(260).describe("Status of a refused push; 200 drops silently."),
  // Streams
  max_streams_per_user: z
    .number()
    .prefault(0)
    .describe("Most active streams of a tenant in one ingester; 0 for no limit."),
  max_global_streams_per_user: z.number().prefault(5000).describe("Most active streams of a tenant; 0 for no limit."),
  per_stream_rate_limit: bytes.prefault("3MB").describe("Bytes a second of one stream."),
  per_stream_rate_limit_burst: bytes.prefault("15MB").describe("Bytes of one stream at once."),
  shard_streams: z
    .looseObject({
      enabled: z
        .boolean()
        .prefault(true)
        .describe("Kept for Loki's configurations: per_stream_rate_limit leaves alone what sharding would spread."),
      desired_rate: bytes.prefault("1536KB").describe("Kept for Loki's configurations."),
    })
    .prefault({})
    .describe("Streams need no sharding here."),
  // Queries
  query_timeout: duration.prefault("1m").describe("Longest a query may take."),
  max_query_length: duration.prefault("721h").describe("Longest time range of a query; 0 for no limit."),
  max_query_range: duration.prefault("0s").describe("Longest [range] in a query; 0 for no limit."),
  max_query_lookback: duration.prefault("0s").describe("How far back queries may look; 0 for no limit."),
  max_entries_limit_per_query: z.number().prefault(5000).describe("Most lines that a query may ask for."),
  max_query_series: z.number().prefault(500).describe("Most series that a query may return."),
  max_chunks_per_query: z.number().prefault(2_000_000).describe("Most chunks that a query may touch."),
  max_streams_matchers_per_query: z.number().prefault(1000).describe("Most matchers of a selector."),
  cardinality_limit: z.number().prefault(100_000).describe("Most streams that a query may touch."),
  max_query_bytes_read: bytes.prefault("0").describe("Most bytes that a query may read; 0 for no limit."),
  max_querier_bytes_read: bytes.prefault("150GB").describe("Most bytes that one querier may read for a query."),
  required_labels: z.array(z.string()).prefault([]).describe("Labels that a selector must name."),
  minimum_labels_number: z.number().prefault(0).describe("Fewest matchers of a selector."),
  max_concurrent_tail_requests: z.number().prefault(10).describe("Most tails of a tenant at once."),
  split_queries_by_interval: duration
    .prefault("1h")
    .describe("Metric queries are aligned to their step while this is not 0."),
  max_cache_freshness_per_query: duration.prefault("10m").describe("Results newer than this are never cached."),
  volume_enabled: z.boolean().prefault(true).describe("Answer index/volume."),
  volume_max_series: z.number().prefault(1000).describe("Most series of a volume."),
  blocked_queries: z.array(blockedQuery).prefault([]).describe("Queries that are refused."),
  shard_aggregations: z
    .array(z.enum(["approx_topk"]))
    .prefault([])
    .describe("Aggregations that are only answered where named here; approx_topk counts exactly."),
  // Retention, deletes
  retention_period: duration.prefault("0s").describe("How long lines are kept; 0 for ever."),
  retention_stream: z.array(retentionStream).prefault([]).describe("Other periods for some streams."),
  retention_max_bytes: bytes.prefault("0").describe("Most bytes kept, the oldest go first; 0 for no limit."),
  deletion_mode: z
    .enum(["disabled", "filter-only", "filter-and-delete"])
    .prefault("filter-and-delete")
    .describe("What a delete request does."),
  delete_max_interval: duration.prefault("24h").describe("Requests with a filter are split by this."),
  // Rules, patterns
  ruler_max_rules_per_rule_group: z.number().prefault(0).describe("Most rules of a group; 0 for no limit."),
  ruler_max_rule_groups_per_tenant: z.number().prefault(0).describe("Most rule groups of a tenant; 0 for no limit."),
  metric_aggregation_enabled: z
    .boolean()
    .prefault(false)
    .describe("Kept for Loki's configurations; volumes come from the index."),
  pattern_persistence_enabled: z
    .boolean()
    .prefault(true)
    .describe(
      "Told to Logs Drilldown, which else asks for the patterns of the last hours only. Patterns are kept as long as lines.",
    ),
});
export type Limits = z.infer<typeof LimitsConfig>;

/** The limits in force for a tenant: those of the configuration, changed by the runtime file. */
export interface LimitsSource {
  forTenant(tenant: string): Limits;
}
