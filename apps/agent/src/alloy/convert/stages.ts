import type { Fields, YamlNode } from "../../config/yaml-node.ts";
import { attribute, durationText, sizeText, unless, type Written, type WrittenValue, written } from "./writer.ts";

type Convert = (node: YamlNode) => Written;

const text = (fields: Fields, key: string): Written | undefined => unless(key, fields.take(key)?.text(), "");
const flag = (fields: Fields, key: string, usual = false): Written | undefined =>
  unless(key, fields.boolean(key, usual), usual);
const number = (fields: Fields, key: string, usual: number): Written | undefined =>
  unless(key, fields.number(key, usual), usual);
const duration = (fields: Fields, key: string, usualMs: number): Written | undefined => {
  const ms = fields.duration(key, usualMs);
  return ms === usualMs ? undefined : attribute(key, durationText(ms));
};
const texts = (fields: Fields, key: string): Written | undefined => {
  const found = fields.texts(key);
  return found.length > 0 ? attribute(key, found) : undefined;
};

/** A map of names to sources, where none given is `missing`. */
const sources = (node: YamlNode | undefined, missing: WrittenValue): Map<string, WrittenValue> =>
  new Map(Array.from(node?.entries() ?? [], ([name, value]) => [name, value.isNull ? missing : value.text()]));

const block =
  (name: string, body: (fields: Fields) => readonly (Written | undefined)[]): Convert =>
  (node) =>
    written(name, node.fields(body));

const values =
  (name: string, missing: WrittenValue): Convert =>
  (node) =>
    written(name, [attribute("values", sources(node, missing))]);

const list =
  (name: string): Convert =>
  (node) =>
    written(name, [attribute("values", node.texts())]);

function dropSource(fields: Fields): Written | undefined {
  const node = fields.take("source");
  if (node === undefined || node.isNull) return undefined;
  return attribute("source", node.isList ? node.texts().join(",") : node.text());
}

function metric(name: string, node: YamlNode): Written {
  return node.fields((fields) => {
    const type = fields.text("type").toLowerCase();
    const shared = [
      attribute("name", name),
      text(fields, "description"),
      text(fields, "source"),
      attribute("prefix", fields.text("prefix") || "promtail_custom_"),
      duration(fields, "max_idle_duration", 300_000),
    ];
    const config = fields.take("config")?.fields((inner) => {
      const buckets = inner.list("buckets").map((one) => one.number());
      return [
        text(inner, "value"),
        text(inner, "action"),
        flag(inner, "match_all"),
        flag(inner, "count_entry_bytes"),
        buckets.length > 0 ? attribute("buckets", buckets) : undefined,
      ];
    });
    return written(`metric.${type}`, [...shared, ...(config ?? [])]);
  });
}

const converters: Readonly<Record<string, Convert>> = {
  cri: block("stage.cri", (fields) => [
    number(fields, "max_partial_lines", 100),
    sizeOf(fields, "max_partial_line_size"),
    flag(fields, "max_partial_line_size_truncate"),
  ]),
  docker: block("stage.docker", () => []),
  decolorize: block("stage.decolorize", () => []),
  regex: block("stage.regex", (fields) => [text(fields, "expression"), text(fields, "source")]),
  json: block("stage.json", (fields) => [
    attribute("expressions", sources(fields.take("expressions"), "")),
    text(fields, "source"),
    flag(fields, "drop_malformed"),
  ]),
  logfmt: block("stage.logfmt", (fields) => [
    attribute("mapping", sources(fields.take("mapping"), "")),
    text(fields, "source"),
  ]),
  template: block("stage.template", (fields) => [text(fields, "source"), text(fields, "template")]),
  timestamp: block("stage.timestamp", (fields) => [
    text(fields, "source"),
    text(fields, "format"),
    texts(fields, "fallback_formats"),
    text(fields, "location"),
    unless("action_on_failure", fields.text("action_on_failure", "fudge"), "fudge"),
  ]),
  labels: values("stage.labels", null),
  structured_metadata: values("stage.structured_metadata", null),
  non_indexed_labels: values("stage.structured_metadata", null),
  static_labels: values("stage.static_labels", ""),
  labeldrop: list("stage.label_drop"),
  labelallow: list("stage.label_keep"),
  output: block("stage.output", (fields) => [text(fields, "source")]),
  tenant: block("stage.tenant", (fields) => [text(fields, "label"), text(fields, "source"), text(fields, "value")]),
  pack: block("stage.pack", (fields) => [
    attribute("labels", fields.texts("labels")),
    flag(fields, "ingest_timestamp", true),
  ]),
  replace: block("stage.replace", (fields) => [
    text(fields, "expression"),
    text(fields, "source"),
    text(fields, "replace"),
  ]),
  eventlogmessage: block("stage.eventlogmessage", (fields) => [
    unless("source", fields.text("source", "message"), "message"),
    flag(fields, "drop_invalid_labels"),
    flag(fields, "overwrite_existing"),
  ]),
  sampling: block("stage.sampling", (fields) => [
    attribute("rate", fields.number("rate", 0)),
    unless("drop_counter_reason", fields.text("drop_counter_reason", "sampling_stage"), "sampling_stage"),
  ]),
  limit: block("stage.limit", (fields) => [
    attribute("rate", fields.number("rate", 0)),
    attribute("burst", fields.number("burst", 0)),
    flag(fields, "drop"),
    text(fields, "by_label_name"),
    number(fields, "max_distinct_labels", 10_000),
  ]),
  multiline: block("stage.multiline", (fields) => [
    text(fields, "firstline"),
    number(fields, "max_lines", 128),
    duration(fields, "max_wait_time", 3000),
  ]),
  geoip: block("stage.geoip", (fields) => [text(fields, "db"), text(fields, "source"), text(fields, "db_type")]),
  drop: block("stage.drop", (fields) => [
    unless("drop_counter_reason", fields.text("drop_counter_reason", "drop_stage"), "drop_stage"),
    dropSource(fields),
    unless("separator", fields.text("separator", ";"), ";"),
    text(fields, "value"),
    text(fields, "expression"),
    duration(fields, "older_than", 0),
    sizeOf(fields, "longer_than"),
  ]),
  match: block("stage.match", (fields) => [
    text(fields, "selector"),
    ...convertStages(fields.take("stages")),
    unless("action", fields.text("action", "keep"), "keep"),
    text(fields, "pipeline_name"),
    unless("drop_counter_reason", fields.text("drop_counter_reason", "match_stage"), "match_stage"),
  ]),
  metrics: (node) =>
    written(
      "stage.metrics",
      Array.from(node.entries(), ([name, one]) => metric(name, one)),
    ),
};

function sizeOf(fields: Fields, key: string): Written | undefined {
  const bytes = fields.bytes(key, 0);
  return bytes === 0 ? undefined : attribute(key, sizeText(bytes));
}

/** The stages of a job as blocks. Throws where one has no counterpart. */
export const convertStages = (node: YamlNode | undefined): Written[] =>
  (node?.list() ?? []).flatMap((item) =>
    Array.from(item.entries(), ([name, options]) => {
      const convert = converters[name];
      if (convert === undefined) throw options.error(`unsupported stage: ${name}`);
      return convert(options);
    }),
  );
