import type { StageConfig } from "../stages/build-stages.ts";
import { criStage } from "../stages/cri.ts";
import { decolorizeStage } from "../stages/decolorize.ts";
import { dockerStage } from "../stages/docker.ts";
import { dropStage } from "../stages/drop.ts";
import { eventLogMessageStage } from "../stages/eventlogmessage.ts";
import { geoipStage } from "../stages/geoip.ts";
import { jsonStage } from "../stages/json.ts";
import {
  labelAllowStage,
  labelDropStage,
  labelsStage,
  outputStage,
  staticLabelsStage,
  structuredMetadataStage,
  tenantStage,
} from "../stages/labels.ts";
import { limitStage } from "../stages/limit.ts";
import { logfmtStage } from "../stages/logfmt.ts";
import { matchStage } from "../stages/match.ts";
import { metricsStage, type MetricOptions } from "../stages/metrics.ts";
import { multilineStage } from "../stages/multiline.ts";
import { packStage } from "../stages/pack.ts";
import { regexStage } from "../stages/regex.ts";
import { replaceStage } from "../stages/replace.ts";
import { samplingStage } from "../stages/sampling.ts";
import { templateStage } from "../stages/template.ts";
import { timestampStage } from "../stages/timestamp.ts";
import type { Fields, YamlNode } from "./yaml-node.ts";

/** Reads the options of a stage; `nested` reads stages inside of it. */
type Reader = (node: YamlNode, nested: (node: YamlNode) => StageConfig[]) => StageConfig["build"];

/** Fields that are given, so that what is left out has the stage's own default. */
function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

const text = (fields: Fields, key: string): string | undefined => fields.take(key)?.text();
const read = <T>(fields: Fields, key: string, how: (node: YamlNode) => T): T | undefined => {
  const node = fields.take(key);
  return node === undefined || node.isNull ? undefined : how(node);
};
const isTrue = (node: YamlNode): boolean => node.boolean();
const number = (node: YamlNode): number => node.number();

const readMetric = (node: YamlNode): MetricOptions =>
  node.fields((fields) => {
    const options = {
      type: fields.text("type"),
      description: text(fields, "description"),
      prefix: text(fields, "prefix") || undefined,
      source: text(fields, "source"),
      maxIdleMs: read(fields, "max_idle_duration", (one) => one.duration()),
    };
    const config = fields.take("config")?.fields((inner) => ({
      action: text(inner, "action"),
      value: text(inner, "value"),
      matchAll: read(inner, "match_all", isTrue),
      countEntryBytes: read(inner, "count_entry_bytes", isTrue),
      buckets: read(inner, "buckets", (list) => list.list().map(number)),
    }));
    return given({ ...options, ...config }) as MetricOptions;
  });

/** How each stage's options are read from YAML; the stages themselves check what they mean. */
export const stageReaders: Readonly<Record<string, Reader>> = {
  docker: (node) => node.fields(() => dockerStage("promtail")),
  cri: (node) =>
    node.fields((fields) =>
      criStage(
        given({
          maxPartialLines: read(fields, "max_partial_lines", number),
          maxPartialLineSize: read(fields, "max_partial_line_size", (one) => one.bytes()),
          maxPartialLineSizeTruncate: read(fields, "max_partial_line_size_truncate", isTrue),
        }),
      ),
    ),
  json: (node) =>
    node.fields((fields) => {
      const optional = given({ source: text(fields, "source"), dropMalformed: read(fields, "drop_malformed", isTrue) });
      return jsonStage({ expressions: fields.textMap("expressions"), ...optional });
    }),
  logfmt: (node) =>
    node.fields((fields) =>
      logfmtStage({ mapping: fields.textMap("mapping"), ...given({ source: text(fields, "source") }) }),
    ),
  regex: (node) =>
    node.fields((fields) =>
      regexStage({ expression: fields.text("expression"), ...given({ source: text(fields, "source") }) }),
    ),
  replace: (node) =>
    node.fields((fields) =>
      replaceStage({
        expression: fields.text("expression"),
        ...given({ source: text(fields, "source"), replace: text(fields, "replace") }),
      }),
    ),
  template: (node) =>
    node.fields((fields) => templateStage({ source: fields.text("source"), template: fields.text("template") })),
  timestamp: (node) =>
    node.fields((fields) =>
      timestampStage({
        source: fields.text("source"),
        format: fields.text("format"),
        fallbackFormats: fields.texts("fallback_formats"),
        ...given({
          location: text(fields, "location"),
          actionOnFailure: text(fields, "action_on_failure") || undefined,
        }),
      }),
    ),
  output: (node) => node.fields((fields) => outputStage(fields.text("source"))),
  labels: (node) => labelsStage(node.textMap()),
  static_labels: (node) => staticLabelsStage(node.textMap()),
  labeldrop: (node) => labelDropStage(node.texts()),
  labelallow: (node) => labelAllowStage(node.texts()),
  structured_metadata: (node) => structuredMetadataStage(node.textMap()),
  non_indexed_labels: (node) => structuredMetadataStage(node.textMap()),
  tenant: (node) =>
    node.fields((fields) =>
      tenantStage({ label: fields.text("label"), source: fields.text("source"), value: fields.text("value") }),
    ),
  match: (node, nested) =>
    node.fields((fields) => {
      fields.ignore("pipeline_name");
      const stages = fields.take("stages");
      return matchStage({
        selector: fields.text("selector"),
        stages: stages && nested(stages),
        ...given({
          action: text(fields, "action"),
          dropCounterReason: text(fields, "drop_counter_reason") || undefined,
        }),
      });
    }),
  multiline: (node) =>
    node.fields((fields) =>
      multilineStage({
        firstLine: fields.text("firstline"),
        ...given({
          maxLines: read(fields, "max_lines", number),
          maxWaitMs: read(fields, "max_wait_time", (one) => one.duration()),
        }),
      }),
    ),
  drop: (node) =>
    node.fields((fields) =>
      dropStage(
        given({
          source: read(fields, "source", (one) => (one.isList ? one.texts() : [one.text()])),
          separator: text(fields, "separator"),
          value: text(fields, "value"),
          expression: text(fields, "expression"),
          olderThanMs: read(fields, "older_than", (one) => one.duration()),
          longerThanBytes: read(fields, "longer_than", (one) => one.bytes()),
          dropCounterReason: text(fields, "drop_counter_reason") || undefined,
        }),
      ),
    ),
  limit: (node) =>
    node.fields((fields) =>
      limitStage({
        rate: fields.number("rate", 0),
        burst: fields.number("burst", 0),
        ...given({
          drop: read(fields, "drop", isTrue),
          byLabelName: text(fields, "by_label_name"),
          maxDistinctLabels: read(fields, "max_distinct_labels", number),
        }),
      }),
    ),
  sampling: (node) =>
    node.fields((fields) =>
      samplingStage({
        rate: fields.number("rate", 0),
        ...given({ dropCounterReason: text(fields, "drop_counter_reason") || undefined }),
      }),
    ),
  pack: (node) =>
    node.fields((fields) =>
      packStage({
        labels: fields.texts("labels"),
        ...given({ ingestTimestamp: read(fields, "ingest_timestamp", isTrue) }),
      }),
    ),
  decolorize: (node) => node.fields(() => decolorizeStage()),
  geoip: (node) =>
    node.fields((fields) =>
      geoipStage({ db: fields.text("db"), source: fields.text("source"), dbType: fields.text("db_type") }),
    ),
  eventlogmessage: (node) =>
    node.fields((fields) =>
      eventLogMessageStage(
        given({
          source: text(fields, "source"),
          dropInvalidLabels: read(fields, "drop_invalid_labels", isTrue),
          overwriteExisting: read(fields, "overwrite_existing", isTrue),
        }),
      ),
    ),
  metrics: (node) => metricsStage(new Map([...node.entries()].map(([name, one]) => [name, readMetric(one)]))),
};
