import { ByteReader, ByteWriter, type Fail } from "@ratatosk/bytes";
import { type Codec, codecNumber, codecOf, compress, decompress } from "../codec.ts";
import { freshMemory, type Memory } from "../scratch.ts";
import { addBits, packBits } from "./bits.ts";
import { decodeTimestamps, encodeTimestamps } from "./timestamps.ts";

/** No column of plain times begins so: it would be a distance of minus zero. */
const mark = 1;
/** Below so many rows there is little to gain. */
const fewestRows = 64;
const millisecond = 1_000_000;
const mostRawBytes = 2 ** 28;

/** How the digits below a millisecond are kept, by the digits that are zero in all times. */
interface Split {
  /** Zeros at the end of each distance from the first time: 0, 3, 6 or 9. */
  readonly zeros: number;
  /** Nanoseconds that the coarse times count. */
  readonly unit: number;
  /** Bits of what is left, counted in 10^zeros nanoseconds. */
  readonly width: number;
}

const splits: readonly Split[] = [
  { zeros: 9, unit: 1_000_000_000, width: 0 },
  { zeros: 6, unit: millisecond, width: 0 },
  { zeros: 3, unit: millisecond, width: 10 },
  { zeros: 0, unit: millisecond, width: 20 },
];

/**
 * Times of a block's rows in two parts, as the digits below a millisecond are mostly noise, which takes less room as bits
 * than in what compresses. Undefined where the plain form is the smaller one.
 *   ┌────────┬────────────┬────────────────┬────────────┬──────────────┬────────────────┬───────────┐
 *   │ 1 <u8> │ zeros <u8> │ phase <varint> │ codec <u8> │ raw <varint> │ coarse <bytes> │ fractions │
 *   └────────┴────────────┴────────────────┴────────────┴──────────────┴────────────────┴───────────┘
 *   zeros      0, 3, 6 or 9: every distance from the block's first time is a multiple of 10^zeros
 *   phase      what the first time is after the millisecond before it, a multiple of 10^zeros, 0 where that is 6 or 9
 *   coarse     (distance + phase) / unit, rounded down, as plain times of `raw` bytes, compressed; the unit is
 *              a second where zeros is 9, otherwise a millisecond
 *   fractions  what that leaves, in 10^zeros nanoseconds: 20 bits a row where zeros is 0, 10 where it is 3, otherwise none
 */
export function encodeSplitTimes(
  deltas: Float64Array,
  origin: { readonly delta: number; readonly time: bigint },
  codec: Codec,
  level: number,
): Uint8Array<ArrayBuffer> | undefined {
  if (deltas.length < fewestRows) return undefined;
  const { zeros, unit, width } = splitOf(deltas, origin.delta);
  if (width > 0 && isRegular(deltas)) return undefined;
  const scale = 10 ** zeros;
  const after = width === 0 ? 0 : Number(BigInt.asUintN(64, origin.time) % BigInt(millisecond));
  const phase = after - (after % scale);
  const coarse = new Float64Array(deltas.length);
  const fractions = new Uint32Array(width === 0 ? 0 : deltas.length);
  for (let row = 0; row < deltas.length; row++) {
    const distance = deltas[row]! - origin.delta + phase;
    const whole = Math.floor(distance / unit);
    coarse[row] = whole;
    if (width > 0) fractions[row] = (distance - whole * unit) / scale;
  }
  const raw = encodeTimestamps(coarse, 0);
  const packed = compress(raw, codec, level);
  const isSmaller = packed.length < raw.length;
  const out = new ByteWriter(raw.length + deltas.length * 3 + 64);
  out.u8(mark);
  out.u8(zeros);
  out.varint(phase);
  out.u8(codecNumber(isSmaller ? codec : "none"));
  out.varint(raw.length);
  out.bytes(isSmaller ? packed : raw);
  out.raw(packBits(fractions, width));
  return out.written();
}

/** The rows' distances from the first time, in whichever form they are. */
export function decodeTimes(
  bytes: Uint8Array,
  count: number,
  fail: Fail,
  memory: Memory = freshMemory,
): Float64Array<ArrayBuffer> {
  if (bytes[0] !== mark) return decodeTimestamps(bytes, count, fail, memory);
  const reader = new ByteReader(bytes, fail);
  reader.u8();
  const zeros = reader.u8();
  const split = splits.find((one) => one.zeros === zeros);
  if (split === undefined) throw fail(`times with ${zeros} zeros`);
  const phase = reader.varint();
  const codec = codecOf(reader.u8(), fail);
  const rawBytes = reader.varint();
  if (rawBytes > Math.min(count * 9, mostRawBytes)) throw fail(`${rawBytes} bytes for ${count} times`);
  const raw = decompress(codec, reader.bytes(), rawBytes, fail, memory);
  const times = decodeTimestamps(raw, count, fail, memory);
  const { unit, width } = split;
  addBits(times, reader.raw(reader.remaining), { unit, width, scale: 10 ** zeros, shift: -phase }, fail);
  return times;
}

/** Whether many rows come at the same time as, or as long after, the row before: plain distances compress better. */
function isRegular(deltas: Float64Array): boolean {
  let same = 0;
  let previous = -1;
  for (let row = 1; row < deltas.length; row++) {
    const distance = deltas[row]! - deltas[row - 1]!;
    if (distance === 0 || distance === previous) same++;
    previous = distance;
  }
  return same * 8 > deltas.length;
}

function splitOf(deltas: Float64Array, first: number): Split {
  let at = 0;
  for (let row = 0; row < deltas.length; row++)
    while (at < splits.length - 1 && (deltas[row]! - first) % 10 ** splits[at]!.zeros !== 0) at++;
  return splits[at]!;
}
