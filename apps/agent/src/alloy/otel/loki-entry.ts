import { goJson } from "../../stages/json-text.ts";
import { logfmtPairs } from "../stages/logfmt-pairs.ts";
import { type LogRecord, plainObject, plainValue, type ResourceLogs, type ScopeLogs } from "./logs.ts";

/** A record as Loki stores it. */
export interface LokiEntry {
  readonly labels: Map<string, string>;
  readonly line: string;
  readonly timeUnixNano: bigint | undefined;
  readonly tenant: string;
}

const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const hints = ["loki.resource.labels", "loki.attribute.labels", "loki.format", "loki.tenant"];

/** The records of a request as entries; hints among their attributes say which become labels and how lines look. */
export const lokiEntries = (logs: readonly ResourceLogs[]): LokiEntry[] =>
  logs.flatMap((resource) =>
    (resource.scopeLogs ?? []).flatMap((scope) => (scope.logRecords ?? []).map((one) => entryOf(one, scope, resource))),
  );

function entryOf(record: LogRecord, { scope }: ScopeLogs, { resource }: ResourceLogs): LokiEntry {
  const resources = plainObject(resource?.attributes);
  const attributes = plainObject(record.attributes);
  const hint = (name: string): string => textOf(attributes[name] ?? resources[name] ?? "");
  const labels = labelsOf(record, resources);
  const format = hint("loki.format") || "json";
  const tenant = hint("loki.tenant");
  move(hint("loki.resource.labels"), resources, labels);
  move(hint("loki.attribute.labels"), attributes, labels);
  for (const name of hints) {
    delete resources[name];
    delete attributes[name];
  }
  const parts = { record, attributes, resources, scope };
  const line = format === "raw" ? rawText(record) : format === "logfmt" ? logfmtLine(parts) : jsonLine(parts);
  const time = record.timeUnixNano ?? record.observedTimeUnixNano ?? "0";
  return { labels, line, timeUnixNano: time === "0" ? undefined : BigInt(time), tenant };
}

function labelsOf(record: LogRecord, resources: Record<string, unknown>): Map<string, string> {
  const labels = new Map([["exporter", "OTLP"]]);
  const name = resources["service.name"];
  const namespace = resources["service.namespace"];
  if (name !== undefined)
    labels.set("job", namespace === undefined ? textOf(name) : `${textOf(namespace)}/${textOf(name)}`);
  const instance = resources["service.instance.id"];
  if (instance !== undefined) labels.set("instance", textOf(instance));
  const level = levels[Math.floor(((record.severityNumber ?? 0) - 1) / 4)];
  if (level !== undefined) labels.set("level", level);
  return labels;
}

/** Attributes that a hint names become labels. */
function move(hint: string, attributes: Record<string, unknown>, labels: Map<string, string>): void {
  for (const name of hint.split(",").map((one) => one.trim())) {
    if (name === "" || attributes[name] === undefined) continue;
    labels.set(labelName(name), textOf(attributes[name]));
    delete attributes[name];
  }
}

const labelName = (name: string): string => name.replace(/\W/g, "_").replace(/^(?=\d)/, "key_");
const textOf = (value: unknown): string => (typeof value === "string" ? value : goJson(value));
const rawText = ({ body }: LogRecord): string => textOf(plainValue(body) ?? "");

interface Parts {
  readonly record: LogRecord;
  readonly attributes: Record<string, unknown>;
  readonly resources: Record<string, unknown>;
  readonly scope: ScopeLogs["scope"];
}

const isFilled = (value: unknown): boolean =>
  value !== undefined &&
  value !== "" &&
  value !== 0 &&
  (typeof value !== "object" || value === null || Array.isArray(value) || Object.keys(value).length > 0);

/** `{"body":…,"traceid":…}`, in this order, without what is empty. */
function jsonLine({ record, attributes, resources, scope }: Parts): string {
  const fields: [string, unknown][] = [
    ["body", plainValue(record.body)],
    ["traceid", record.traceId],
    ["spanid", record.spanId],
    ["severity", record.severityText],
    ["flags", record.flags],
    ["attributes", attributes],
    ["resources", resources],
    ["instrumentation_scope", scope],
  ];
  const kept = fields.filter(([, value]) => isFilled(value));
  return `{${kept.map(([name, value]) => `${JSON.stringify(name)}:${goJson(value)}`).join(",")}}`;
}

/** The body's own pairs first, where it is logfmt itself. */
function logfmtLine({ record, attributes, resources, scope }: Parts): string {
  const body = rawText(record);
  const own = logfmtPairs(body);
  const isLogfmt = own.length > 0 && own.every(([, value]) => value !== "") && body.includes("=");
  const pairs: [string, unknown][] = [
    ...(isLogfmt ? own : ([["body", body]] as [string, string][])),
    ["traceID", record.traceId],
    ["spanID", record.spanId],
    ["severity", record.severityText],
    ["flags", record.flags],
    ...prefixed("attribute_", attributes),
    ...prefixed("resource_", resources),
    ["instrumentation_scope_name", scope?.name],
    ["instrumentation_scope_version", scope?.version],
  ];
  return pairs
    .filter(([, value]) => isFilled(value))
    .map(([name, value]) => `${name}=${quoted(textOf(value))}`)
    .join(" ");
}

const prefixed = (prefix: string, values: Record<string, unknown>): [string, unknown][] =>
  Object.keys(values)
    .sort()
    .map((name) => [prefix + name, values[name]]);

const quoted = (value: string): string => (/^[^\s"=]+$/.test(value) ? value : JSON.stringify(value));
