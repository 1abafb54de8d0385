import { RatatoskError } from "@ratatosk/model";
import type { PushedEntries } from "./pushed-entries.ts";

/** What tests of decoders send and see: protobuf written field by field, columns as plain data. */
export interface SentStream {
  readonly labels: string;
  readonly entries: readonly (readonly [nanos: bigint, line: string | Buffer, metadata?: Record<string, string>])[];
}

export function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, value);
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(left)]);
}

export const varintField = (number: number, value: bigint): Buffer =>
  Buffer.concat([varint(BigInt(number << 3)), varint(value)]);

/** A length-delimited field of the parts. */
export function fields(number: number, ...parts: (string | Uint8Array)[]): Buffer {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([varint(BigInt((number << 3) | 2)), varint(BigInt(bytes.length)), bytes]);
}

export function fixed64Field(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([varint(BigInt((number << 3) | 1)), bytes]);
}

const second = 1_000_000_000n;

/** A protobuf PushRequest. */
export function pushRequest(streams: readonly SentStream[]): Buffer {
  return Buffer.concat(
    streams.map(({ labels, entries }) =>
      fields(
        1,
        fields(1, labels),
        ...entries.map(([nanos, line, metadata]) => fields(2, entry(nanos, line, metadata))),
      ),
    ),
  );
}

function entry(nanos: bigint, line: string | Buffer, metadata: Record<string, string> = {}): Buffer {
  const rest = ((nanos % second) + second) % second;
  return Buffer.concat([
    fields(1, varintField(1, (nanos - rest) / second), varintField(2, rest)),
    fields(2, line),
    ...Object.entries(metadata).map(([name, value]) => fields(3, fields(1, name), fields(2, value))),
  ]);
}

/** Columns as plain data: an entry is its time in seconds, its line, and its pairs. */
export function shown(pushed: PushedEntries): { labels: string; entries: (string | [string, string])[][] }[] {
  const text = (at: number, end: number): string => Buffer.from(pushed.bytes.subarray(at, end)).toString();
  return pushed.streams.map(({ labels, from, to }) => ({
    labels,
    entries: Array.from({ length: to - from }, (_, i) => {
      const row = from + i;
      const pairs: [string, string][] = [];
      for (let at = 4 * pushed.firstPair(row); at < 4 * pushed.pairsEnd[row]!; at += 4) {
        const [a, b, c, d] = pushed.pairs.subarray(at, at + 4);
        pairs.push([text(a!, b!), text(c!, d!)]);
      }
      const time = `${pushed.seconds[row]}.${String(pushed.nanos[row]).padStart(9, "0")}`;
      return [time, text(pushed.lineAt[row]!, pushed.lineEnd[row]!), ...pairs];
    }),
  }));
}

/** "ok", or the code of the RatatoskError thrown; any other error is thrown on. */
export function outcomeOf(read: () => unknown): string {
  try {
    read();
    return "ok";
  } catch (error) {
    if (error instanceof RatatoskError) return error.code;
    throw error;
  }
}
