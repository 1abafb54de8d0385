import { basename } from "node:path";
import { tenantLabel } from "../../push/client.ts";
import type { Entry } from "../../entry.ts";
import type { KeyValue, LogRecord, ResourceLogs } from "./logs.ts";

/** Loki's entries as OTLP has them: labels are attributes, and a hint tells which of them to make labels again. */
export const fromLoki = (entries: readonly Entry[]): ResourceLogs[] => [
  { scopeLogs: [{ logRecords: entries.map(recordOf) }] },
];

function recordOf(entry: Entry): LogRecord {
  const { labels, metadata, time } = entry;
  const shown = [...labels].filter(([name]) => !name.startsWith("__"));
  const tenant = labels.get(tenantLabel);
  const filename = labels.get("filename");
  const pairs = [
    ...shown,
    ...metadata,
    ...(filename ? [["log.file.path", filename] as const, ["log.file.name", basename(filename)] as const] : []),
    ...(shown.length > 0 ? [["loki.attribute.labels", shown.map(([name]) => name).join(",")] as const] : []),
    ...(tenant ? [["loki.tenant", tenant] as const] : []),
  ];
  const nanos = String(BigInt(time.seconds) * 1_000_000_000n + BigInt(time.nanos));
  return {
    timeUnixNano: nanos,
    observedTimeUnixNano: nanos,
    body: { stringValue: entry.text },
    attributes: pairs.map(([key, value]) => attribute(key, value)),
  };
}

const attribute = (key: string, value: string): KeyValue => ({ key, value: { stringValue: value } });
