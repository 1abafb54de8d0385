import { metricsStage, type MetricOptions } from "../../stages/metrics.ts";
import { boolean, duration, listOf, number, text } from "../decode.ts";
import { type Item, maybe, optional, required, type Schema, schema, withItems } from "../schema.ts";
import { type StageKind, stageKind } from "./stage-kind.ts";

const common = {
  name: required(text),
  description: optional(text, ""),
  source: optional(text, ""),
  prefix: optional(text, "loki_process_custom_"),
  max_idle_duration: optional(duration, 300_000),
  value: optional(text, ""),
  action: optional(text, ""),
  match_all: optional(boolean, false),
  count_entry_bytes: optional(boolean, false),
};

const valueMetric = schema({ attributes: common });
const histogram = schema({ attributes: { ...common, buckets: maybe(listOf(number)) } });

type MetricArgs = (typeof valueMetric extends Schema<infer T> ? T : never) & { readonly buckets?: readonly number[] };

function optionsOf({ name, args }: Item<unknown>): [string, MetricOptions] {
  const metric = args as MetricArgs;
  const options = {
    type: name.replace("metric.", ""),
    description: metric.description,
    prefix: metric.prefix || "loki_process_custom_",
    source: metric.source || metric.name,
    maxIdleMs: metric.max_idle_duration,
    action: metric.action,
    matchAll: metric.match_all,
    countEntryBytes: metric.count_entry_bytes,
    ...(metric.value === "" ? {} : { value: metric.value }),
    ...(metric.buckets ? { buckets: metric.buckets } : {}),
  };
  return [metric.name, options];
}

/** `stage.metrics`: its metrics are blocks. */
export const metricsStages: Readonly<Record<string, StageKind<never>>> = {
  "stage.metrics": stageKind(
    withItems(schema({}), () => ({
      "metric.counter": valueMetric as Schema<unknown>,
      "metric.gauge": valueMetric as Schema<unknown>,
      "metric.histogram": histogram as Schema<unknown>,
    })),
    ({ items }) => metricsStage(new Map(items.map(optionsOf))),
  ),
};
