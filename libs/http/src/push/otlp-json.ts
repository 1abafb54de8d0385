import { broken } from "./body-errors.ts";
import { wire } from "./proto-reader.ts";

/** Writes a field with its tag. */
type Field = (value: unknown, depth: number) => Buffer;
type Fields = Readonly<Record<string, Field>>;

const maxDepth = 64;
const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const severityNames = new Map<string, number>(
  levels.flatMap((level, i) =>
    ["", "2", "3", "4"].map((suffix, j) => [`SEVERITY_NUMBER_${level}${suffix}`, 4 * i + j + 1] as const),
  ),
);

/** Translates OTLP's JSON form into its protobuf, so that one decoder reads both. Throws bad_request. */
export function otlpJsonToProtobuf(bytes: Uint8Array): Uint8Array {
  const document = parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"));
  return document === null ? new Uint8Array(0) : message(document, requestFields, 0);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, exactIntegers);
  } catch (error) {
    throw broken(error instanceof Error ? error.message : String(error));
  }
}

/** Integers beyond 2^53 as their digits, which `JSON.parse` would round. */
function exactIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)
    ? (context?.source ?? value)
    : value;
}

const anyFields: Fields = {
  stringValue: text(1),
  boolValue: (value) => tagged(2, wire.varint, varint(value === true ? 1n : 0n)),
  intValue: varintField(3),
  doubleValue: (value) => tagged(4, wire.fixed64, double(value)),
  arrayValue: (value, depth) => delimited(5, message(value, arrayFields, depth)),
  kvlistValue: (value, depth) => delimited(6, message(value, mapFields, depth)),
  bytesValue: (value) => delimited(7, Buffer.from(stringOf(value), "base64")),
};
const anyValue = (number: number): Field => nested(number, anyFields);
const keyValueFields: Fields = { key: text(1), value: anyValue(2) };
const arrayFields: Fields = { values: list(anyValue(1)) };
const mapFields: Fields = { values: list(nested(1, keyValueFields)) };
const recordFields: Fields = {
  timeUnixNano: fixed64(1),
  severityNumber: (value, depth) => varintField(2)(severityNames.get(String(value)) ?? value, depth),
  severityText: text(3),
  body: anyValue(5),
  attributes: list(nested(6, keyValueFields)),
  droppedAttributesCount: varintField(7),
  flags: (value) => tagged(8, wire.fixed32, uint32(value)),
  traceId: hex(9, 16),
  spanId: hex(10, 8),
  observedTimeUnixNano: fixed64(11),
  eventName: text(12),
};
const scopeFields: Fields = {
  name: text(1),
  version: text(2),
  attributes: list(nested(3, keyValueFields)),
  droppedAttributesCount: varintField(4),
};
const scopeLogsFields: Fields = { scope: nested(1, scopeFields), logRecords: list(nested(2, recordFields)) };
const resourceFields: Fields = { attributes: list(nested(1, keyValueFields)), droppedAttributesCount: varintField(2) };
const resourceLogsFields: Fields = {
  resource: nested(1, resourceFields),
  scopeLogs: list(nested(2, scopeLogsFields)),
};
const requestFields: Fields = { resourceLogs: list(nested(1, resourceLogsFields)) };

/** A JSON object as a message: members in camel or snake case, those not known and null skipped. */
function message(value: unknown, fields: Fields, depth: number): Buffer {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw broken(`ReadObject: expect { or n, but found ${shown(value)}`);
  if (depth > maxDepth) throw broken("exceeded max depth");
  const parts: Buffer[] = [];
  for (const [key, member] of Object.entries(value)) {
    const name = camel(key);
    if (member !== null && Object.hasOwn(fields, name)) parts.push(fields[name]!(member, depth + 1));
  }
  return Buffer.concat(parts);
}

function nested(number: number, fields: Fields): Field {
  return (value, depth) => delimited(number, message(value, fields, depth));
}

function list(item: Field): Field {
  return (value, depth) => {
    if (!Array.isArray(value)) throw broken(`ReadArray: expect [ or n, but found ${shown(value)}`);
    return Buffer.concat(value.map((member) => item(member, depth)));
  };
}

function text(number: number): Field {
  return (value) => delimited(number, Buffer.from(stringOf(value)));
}

function varintField(number: number): Field {
  return (value) => tagged(number, wire.varint, varint(BigInt.asUintN(64, integerOf(value))));
}

function fixed64(number: number): Field {
  return (value) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, integerOf(value)));
    return tagged(number, wire.fixed64, bytes);
  };
}

/** An id in hexadecimal, of `size` bytes or empty. */
function hex(number: number, size: number): Field {
  return (value) => {
    const digits = stringOf(value);
    if (digits.length !== 2 * size && digits !== "") throw broken("ID.UnmarshalJSONIter: length mismatch");
    if (!/^[0-9a-fA-F]*$/.test(digits)) throw broken("ID.UnmarshalJSONIter: invalid byte");
    return delimited(number, Buffer.from(digits, "hex"));
  };
}

function double(value: unknown): Buffer {
  if (typeof value !== "number" && typeof value !== "string")
    throw broken(`expect a number, but found ${shown(value)}`);
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(Number(value));
  return bytes;
}

function uint32(value: unknown): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(Number(BigInt.asUintN(32, integerOf(value))));
  return bytes;
}

function stringOf(value: unknown): string {
  if (typeof value !== "string") throw broken(`ReadString: expects " or n, but found ${shown(value)}`);
  return value;
}

/** An integer written as a number or as text. */
function integerOf(value: unknown): bigint {
  const digits = String(value);
  if ((typeof value !== "number" && typeof value !== "string") || !/^-?\d{1,20}$/.test(digits))
    throw broken(`expect an integer, but found ${shown(value)}`);
  return BigInt(digits);
}

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 20) ?? "nothing";
const camel = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function delimited(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(BigInt((number << 3) | wire.bytes)), varint(BigInt(bytes.length)), bytes]);
}

function tagged(number: number, type: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(BigInt((number << 3) | type)), bytes]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(left)]);
}
