import type { ResourceLogs } from "./logs.ts";

type Kind = "text" | "bool" | "int" | "double" | "fixed64" | "fixed32" | "hex" | "base64" | "number";

interface Field {
  readonly name: string;
  readonly kind?: Kind;
  readonly message?: () => Message;
  readonly repeated?: boolean;
}

type Message = Readonly<Record<number, Field>>;

const list = (name: string, message: () => Message): Field => ({ name, message, repeated: true });
const one = (name: string, message: () => Message): Field => ({ name, message });
const plain = (name: string, kind: Kind): Field => ({ name, kind });

/** The messages of an export request, in the names of their JSON form. */
const anyValue: Message = {
  1: plain("stringValue", "text"),
  2: plain("boolValue", "bool"),
  3: plain("intValue", "int"),
  4: plain("doubleValue", "double"),
  5: one("arrayValue", () => ({ 1: list("values", () => anyValue) })),
  6: one("kvlistValue", () => ({ 1: list("values", () => keyValue) })),
  7: plain("bytesValue", "base64"),
};
const keyValue: Message = { 1: plain("key", "text"), 2: one("value", () => anyValue) };
const record: Message = {
  1: plain("timeUnixNano", "fixed64"),
  2: plain("severityNumber", "number"),
  3: plain("severityText", "text"),
  5: one("body", () => anyValue),
  6: list("attributes", () => keyValue),
  8: plain("flags", "fixed32"),
  9: plain("traceId", "hex"),
  10: plain("spanId", "hex"),
  11: plain("observedTimeUnixNano", "fixed64"),
};
const scopeLogs: Message = {
  1: one("scope", () => ({ 1: plain("name", "text"), 2: plain("version", "text") })),
  2: list("logRecords", () => record),
};
const resourceLogs: Message = {
  1: one("resource", () => ({ 1: list("attributes", () => keyValue) })),
  2: list("scopeLogs", () => scopeLogs),
};
const request: Message = { 1: list("resourceLogs", () => resourceLogs) };

const maxDepth = 100;

/** Decodes an export request. Throws where it is cut off or malformed. */
export function decodeLogs(bytes: Buffer): readonly ResourceLogs[] {
  const decoded = decode(bytes, request, 0) as { resourceLogs?: ResourceLogs[] };
  return decoded.resourceLogs ?? [];
}

/** An export request as protobuf: what `decodeLogs` reads. */
export const encodeLogs = (resourceLogs: readonly ResourceLogs[]): Buffer => encode({ resourceLogs }, request);

function encode(value: object, message: Message): Buffer {
  const parts: Buffer[] = [];
  for (const [number, field] of Object.entries(message)) {
    const given = (value as Record<string, unknown>)[field.name];
    if (given === undefined || given === null) continue;
    for (const one of field.repeated ? (given as unknown[]) : [given])
      parts.push(encodeField(Number(number), field, one));
  }
  return Buffer.concat(parts);
}

function encodeField(number: number, { kind, message }: Field, value: unknown): Buffer {
  const key = (type: number): Buffer => encodeVarint(BigInt(number * 8 + type));
  const sized = (bytes: Buffer): Buffer => Buffer.concat([key(2), encodeVarint(BigInt(bytes.length)), bytes]);
  if (message) return sized(encode(value as object, message()));
  const text = String(value);
  switch (kind!) {
    case "text":
      return sized(Buffer.from(text));
    case "hex":
      return sized(Buffer.from(text, "hex"));
    case "base64":
      return sized(Buffer.from(text, "base64"));
    case "bool":
      return Buffer.concat([key(0), encodeVarint(value === true ? 1n : 0n)]);
    case "int":
    case "number":
      return Buffer.concat([key(0), encodeVarint(BigInt.asUintN(64, BigInt(text)))]);
    case "double":
      return fixed(key(1), 8, (out) => out.writeDoubleLE(Number(text)));
    case "fixed64":
      return fixed(key(1), 8, (out) => out.writeBigUInt64LE(BigInt.asUintN(64, BigInt(text))));
    case "fixed32":
      return fixed(key(5), 4, (out) => out.writeUInt32LE(Number(text) >>> 0));
  }
}

function fixed(key: Buffer, size: number, write: (out: Buffer) => void): Buffer {
  const out = Buffer.alloc(size);
  write(out);
  return Buffer.concat([key, out]);
}

function encodeVarint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function decode(bytes: Buffer, message: Message, depth: number): Record<string, unknown> {
  if (depth > maxDepth) throw new Error("values nest too deeply");
  const result: Record<string, unknown> = {};
  for (let at = 0; at < bytes.length;) {
    const key = varint(bytes, at);
    const field = message[Number(key.value >> 3n)];
    const { piece, number, end } = wire(bytes, key.end, Number(key.value & 7n));
    at = end;
    if (field === undefined) continue;
    const value = field.message ? decode(piece, field.message(), depth + 1) : read(field.kind!, piece, number);
    if (field.repeated) ((result[field.name] ??= []) as unknown[]).push(value);
    else result[field.name] = value;
  }
  return result;
}

/** One field's bytes, or its number. */
function wire(bytes: Buffer, at: number, type: number): { piece: Buffer; number: bigint; end: number } {
  const sized = (size: number, from = at): { piece: Buffer; number: bigint; end: number } => {
    if (from + size > bytes.length) throw new Error("unexpected end of message");
    return { piece: bytes.subarray(from, from + size), number: 0n, end: from + size };
  };
  switch (type) {
    case 0: {
      const { value, end } = varint(bytes, at);
      return { piece: Buffer.alloc(0), number: value, end };
    }
    case 1:
      return sized(8);
    case 2: {
      const { value, end } = varint(bytes, at);
      return sized(Number(value), end);
    }
    case 5:
      return sized(4);
    default:
      throw new Error(`unknown wire type ${type}`);
  }
}

function varint(bytes: Buffer, from: number): { value: bigint; end: number } {
  let value = 0n;
  for (let at = from; at < from + 10; at++) {
    const byte = bytes[at];
    if (byte === undefined) throw new Error("unexpected end of message");
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - from));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw new Error("varint is too long");
}

function read(kind: Kind, piece: Buffer, number: bigint): unknown {
  switch (kind) {
    case "text":
      return piece.toString("utf8");
    case "hex":
      return piece.toString("hex");
    case "base64":
      return piece.toString("base64");
    case "bool":
      return number !== 0n;
    case "int":
      return String(BigInt.asIntN(64, number));
    case "number":
      return Number(number);
    case "double":
      return piece.length === 8 ? piece.readDoubleLE() : 0;
    case "fixed64":
      return String(piece.length === 8 ? piece.readBigUInt64LE() : 0n);
    case "fixed32":
      return piece.length === 4 ? piece.readUInt32LE() : 0;
  }
}
