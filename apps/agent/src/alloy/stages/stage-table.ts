import type { StageConfig } from "../../stages/build-stages.ts";
import { criStage } from "../../stages/cri.ts";
import { decolorizeStage } from "../../stages/decolorize.ts";
import { dockerStage } from "../../stages/docker.ts";
import { dropStage } from "../../stages/drop.ts";
import { eventLogMessageStage } from "../../stages/eventlogmessage.ts";
import { geoipStage } from "../../stages/geoip.ts";
import { labelAllowStage, labelDropStage, outputStage, staticLabelsStage, tenantStage } from "../../stages/labels.ts";
import { limitStage } from "../../stages/limit.ts";
import { matchStage } from "../../stages/match.ts";
import { packStage } from "../../stages/pack.ts";
import { replaceStage } from "../../stages/replace.ts";
import { samplingStage } from "../../stages/sampling.ts";
import { templateStage } from "../../stages/template.ts";
import { boolean, duration, integer, mapOf, number, oneOf, orNull, secret, size, text } from "../decode.ts";
import { idle, type Item, maybe, optional, required, type Schema, schema, withItems } from "../schema.ts";
import { luhnStage } from "./luhn.ts";
import { metadataStages } from "./metadata.ts";
import { metricsStages } from "./metrics.ts";
import { multilineOf } from "./multiline.ts";
import { parsingStages } from "./parsing.ts";
import { splitJsonStage } from "./split-json.ts";
import { given, names, type StageKind, stageKind } from "./stage-kind.ts";
import { timestampOf } from "./timestamp.ts";
import { truncateOf } from "./truncate.ts";

const eventFields = schema({
  attributes: {
    source: optional(text, "message"),
    drop_invalid_labels: optional(boolean, false),
    overwrite_existing: optional(boolean, false),
  },
});

const kinds: Readonly<Record<string, StageKind<never>>> = {
  "stage.cri": stageKind(
    schema({
      attributes: {
        max_partial_lines: optional(integer, 100),
        max_partial_line_size: optional(size, 0),
        max_partial_line_size_truncate: optional(boolean, false),
      },
    }),
    (args) =>
      criStage({
        maxPartialLines: args.max_partial_lines,
        maxPartialLineSize: args.max_partial_line_size,
        maxPartialLineSizeTruncate: args.max_partial_line_size_truncate,
      }),
  ),
  "stage.docker": stageKind(schema({}), () => dockerStage("alloy")),
  "stage.decolorize": stageKind(schema({}), () => decolorizeStage()),
  "stage.drop": stageKind(
    schema({
      attributes: {
        source: optional(text, ""),
        separator: optional(text, ";"),
        value: maybe(text),
        expression: optional(text, ""),
        older_than: maybe(duration),
        longer_than: maybe(size),
        drop_counter_reason: optional(text, "drop_stage"),
      },
    }),
    (args) =>
      dropStage({
        ...given({
          source: args.source === "" ? undefined : args.source.split(",").map((name) => name.trim()),
          separator: args.separator,
          expression: args.expression,
          olderThanMs: args.older_than,
          longerThanBytes: args.longer_than,
          dropCounterReason: args.drop_counter_reason,
        }),
        ...(args.value === undefined ? {} : { value: args.value }),
      }),
  ),
  "stage.eventlogmessage": stageKind(eventFields, (args) =>
    eventLogMessageStage({
      source: args.source,
      dropInvalidLabels: args.drop_invalid_labels,
      overwriteExisting: args.overwrite_existing,
    }),
  ),
  "stage.geoip": stageKind(
    schema({
      attributes: {
        db: required(text),
        source: required(text),
        db_type: optional(text, ""),
        custom_lookups: optional(mapOf(text), new Map<string, string>()),
      },
    }),
    (args) =>
      geoipStage(given({ db: args.db, source: args.source, dbType: args.db_type, customLookups: args.custom_lookups })),
  ),
  "stage.label_drop": stageKind(schema({ attributes: { values: required(names) } }), ({ values }) =>
    labelDropStage(values),
  ),
  "stage.label_keep": stageKind(schema({ attributes: { values: required(names) } }), ({ values }) =>
    labelAllowStage(values),
  ),
  "stage.static_labels": stageKind(
    schema({ attributes: { values: required(mapOf(orNull(text, ""))) } }),
    ({ values }) => staticLabelsStage(values),
  ),
  "stage.output": stageKind(schema({ attributes: { source: required(text) } }), ({ source }) => outputStage(source)),
  "stage.pack": stageKind(
    schema({ attributes: { labels: required(names), ingest_timestamp: optional(boolean, true) } }),
    (args) => packStage({ labels: args.labels, ingestTimestamp: args.ingest_timestamp }),
  ),
  "stage.limit": stageKind(
    schema({
      attributes: {
        rate: required(number),
        burst: required(integer),
        drop: optional(boolean, false),
        by_label_name: optional(text, ""),
        max_distinct_labels: optional(integer, 10_000),
      },
    }),
    (args) =>
      limitStage({
        rate: args.rate,
        burst: args.burst,
        drop: args.drop,
        byLabelName: args.by_label_name,
        maxDistinctLabels: args.max_distinct_labels,
      }),
  ),
  "stage.luhn": stageKind(
    schema({
      attributes: {
        replacement: optional(text, ""),
        min_length: optional(integer, 13),
        delimiters: optional(text, ""),
        skip_regex: optional(text, ""),
        source: optional(text, ""),
      },
    }),
    (args) =>
      luhnStage({
        replacement: args.replacement || "**REDACTED**",
        minLength: args.min_length,
        delimiters: args.delimiters,
        skipRegex: args.skip_regex,
        source: args.source,
      }),
  ),
  "stage.match": stageKind(
    withItems(
      schema({
        attributes: {
          selector: required(text),
          action: optional(oneOf("keep", "drop"), "keep"),
          pipeline_name: idle(optional(text, "")),
          drop_counter_reason: optional(text, "match_stage"),
        },
      }),
      () => stageSchemas,
    ),
    (args) =>
      matchStage({
        selector: args.selector,
        action: args.action,
        dropCounterReason: args.drop_counter_reason,
        stages: args.action === "drop" && args.items.length === 0 ? undefined : buildStages(args.items),
      }),
  ),
  "stage.multiline": multilineOf,
  "stage.replace": stageKind(
    schema({ attributes: { expression: required(text), source: optional(text, ""), replace: optional(secret, "") } }),
    (args) => replaceStage({ expression: args.expression, replace: args.replace, ...given({ source: args.source }) }),
  ),
  "stage.sampling": stageKind(
    schema({ attributes: { rate: required(number), drop_counter_reason: optional(text, "sampling_stage") } }),
    (args) => samplingStage({ rate: args.rate, dropCounterReason: args.drop_counter_reason }),
  ),
  "stage.split_json": stageKind(schema({ attributes: { source: optional(text, "") } }), ({ source }) =>
    splitJsonStage(source),
  ),
  "stage.template": stageKind(schema({ attributes: { source: required(text), template: required(text) } }), (args) =>
    templateStage(args),
  ),
  "stage.tenant": stageKind(
    schema({ attributes: { label: optional(text, ""), source: optional(text, ""), value: optional(text, "") } }),
    (args) => tenantStage(args),
  ),
  "stage.timestamp": timestampOf,
  "stage.truncate": truncateOf,
  ...parsingStages,
  ...metadataStages,
  ...metricsStages,
};

/** The schemas of all stage blocks. */
export const stageSchemas: Readonly<Record<string, Schema<unknown>>> = Object.fromEntries(
  Object.entries(kinds).map(([name, kind]) => [name, kind.schema as unknown as Schema<unknown>]),
);

/** Stages of blocks, in their order. Throws an Error that names the stage. */
export const buildStages = (items: readonly Item<unknown>[]): StageConfig[] =>
  items.map(({ name, args }) => {
    const short = name.replace(/^stage\./, "");
    try {
      return { name: short, build: kinds[name]!.build(args as never) };
    } catch (error) {
      throw new Error(`invalid ${short} stage: ${(error as Error).message}`, { cause: error });
    }
  });
