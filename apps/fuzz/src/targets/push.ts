import { ByteBudget, type BodyLimits, decodeOtlp, decodePush, type OtlpRules, PushedEntries } from "@ratatosk/http";
import { snappyCompress } from "@ratatosk/kernels";
import type { Target } from "../target.ts";

const limits: BodyLimits = {
  maxReceivedBytes: 2 ** 20,
  maxDecompressedBytes: 2 ** 22,
  budget: new ByteBudget(2 ** 23),
};
const rules: OtlpRules = {
  resource: (attribute) => (attribute.startsWith("service") ? "label" : "metadata"),
  scope: undefined,
  record: (attribute) => (attribute === "drop" ? "drop" : "metadata"),
  severityTextAsLabel: true,
};
const pushed = new PushedEntries();
const jsonWords = ['"', "\\u", "\\", "{", "}", "[", "]", ":", ",", "null", "1e309", "-", '"streams"', '"stream"'];
const otlpWords = ['"values"', '"resourceLogs"', '"scopeLogs"', '"logRecords"', '"kvlistValue"', '"arrayValue"'];

/** Bodies of pushes, past their Content-Encoding. */
export const pushTargets: readonly Target[] = [
  push("push-json", "json", (bytes) => bytes),
  push("push-old-json", "old json", (bytes) => bytes),
  push("push-protobuf", "snappy protobuf", snappyCompress),
  push("push-snappy", "snappy protobuf", (bytes) => bytes),
  otlp("otlp-json", "json"),
  otlp("otlp-protobuf", "protobuf"),
];

type Form = Parameters<typeof decodePush>[0]["form"];

function push(name: string, form: Form, packed: (bytes: Uint8Array) => Uint8Array): Target {
  return {
    name,
    words: jsonWords,
    read: (input) => {
      const lease = limits.budget.lease();
      try {
        decodePush({ form, bytes: packed(input) }, limits, lease, pushed);
        look();
      } finally {
        pushed.release();
        lease.release();
      }
    },
  };
}

function otlp(name: string, form: "json" | "protobuf"): Target {
  return {
    name,
    words: [...jsonWords, ...otlpWords],
    read: (input) => {
      try {
        decodeOtlp({ form, bytes: input }, rules, 1_700_000_000_000, pushed);
        look();
      } finally {
        pushed.release();
      }
    },
  };
}

/** Every offset lies within the bytes. */
function look(): void {
  const { bytes, count, lineAt, lineEnd, pairCount, pairs, streams } = pushed;
  for (let row = 0; row < count; row++)
    if (lineAt[row]! > lineEnd[row]! || lineEnd[row]! > bytes.length) throw new Error(`line ${row} lies outside`);
  for (let at = 0; at < 4 * pairCount; at += 2)
    if (pairs[at]! > pairs[at + 1]! || pairs[at + 1]! > bytes.length) throw new Error(`pair ${at >> 2} lies outside`);
  if ((streams.at(-1)?.to ?? 0) > count) throw new Error("a stream has rows that there are not");
}
