import { Capsule } from "@ratatosk/alloy-syntax";
import { capsuleOf, listOf } from "../decode.ts";

/** A value of OpenTelemetry, in its JSON form. */
export interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly bytesValue?: string;
  readonly arrayValue?: { readonly values?: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values?: readonly KeyValue[] };
}

export interface KeyValue {
  readonly key: string;
  readonly value?: AnyValue;
}

export interface LogRecord {
  readonly timeUnixNano?: string;
  readonly observedTimeUnixNano?: string;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body?: AnyValue;
  readonly attributes?: readonly KeyValue[];
  readonly flags?: number;
  readonly traceId?: string;
  readonly spanId?: string;
}

export interface ScopeLogs {
  readonly scope?: { readonly name?: string; readonly version?: string };
  readonly logRecords?: readonly LogRecord[];
}

export interface ResourceLogs {
  readonly resource?: { readonly attributes?: readonly KeyValue[] };
  readonly scopeLogs?: readonly ScopeLogs[];
}

/** What takes logs; resolves once they may be acknowledged. */
export class LogsConsumer {
  readonly consume: (logs: readonly ResourceLogs[]) => Promise<void>;
  readonly capsule = new Capsule("otelcol.Consumer", this);

  constructor(consume: (logs: readonly ResourceLogs[]) => Promise<void>) {
    this.consume = consume;
  }
}

/** `output { logs = […] }` */
export const consumers = listOf(
  capsuleOf("otelcol.Consumer", (content): content is LogsConsumer => content instanceof LogsConsumer),
);

export async function consumeAll(to: readonly LogsConsumer[], logs: readonly ResourceLogs[]): Promise<void> {
  await Promise.all(to.map((one) => one.consume(logs)));
}

/** A value as JSON has it; int64 stays exact within 2^53. */
export function plainValue(value: AnyValue | undefined): unknown {
  if (value === undefined) return undefined;
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(plainValue);
  if (value.kvlistValue) return plainObject(value.kvlistValue.values);
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? value.bytesValue;
}

export const plainObject = (attributes: readonly KeyValue[] | undefined): Record<string, unknown> =>
  Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, plainValue(value)]));
