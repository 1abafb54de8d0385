/** Addresses from `low` to `high`, both of the same family. */
interface IpRange {
  readonly family: 4 | 6;
  readonly low: bigint;
  readonly high: bigint;
}

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

const bitsOf = { 4: 32, 6: 128 } as const;

/** Finds addresses of a pattern (`10.0.0.1`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9`, also IPv6) in text. */
export class IpMatcher {
  readonly #range: IpRange;

  constructor(range: IpRange) {
    this.#range = range;
  }

  /** Undefined if the pattern is none. */
  static parse(pattern: string): IpMatcher | undefined {
    const range = parseRange(pattern);
    return range && new IpMatcher(range);
  }

  /** True if an address that the pattern contains stands in the bytes. */
  matches(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end; at++) {
      const kind = addressAt(bytes, at, end);
      if (kind === 0) continue;
      let stop = at;
      while (stop < end && (kind === 4 ? isIPv4Byte(bytes[stop]!) : isIPv6Byte(bytes[stop]!))) stop++;
      const address = parseAddress(Buffer.from(bytes.buffer, bytes.byteOffset + at, stop - at).toString("latin1"));
      if (address && this.#contains(address)) return true;
      at = stop;
    }
    return false;
  }

  #contains({ family, value }: Address): boolean {
    const { low, high } = this.#range;
    return family === this.#range.family && value >= low && value <= high;
  }
}

function parseRange(pattern: string): IpRange | undefined {
  const [from = "", to] = pattern.split("-");
  if (to !== undefined) {
    const [low, high] = [parseAddress(from.trim()), parseAddress(to.trim())];
    if (!low || !high || low.family !== high.family || low.value > high.value) return undefined;
    return { family: low.family, low: low.value, high: high.value };
  }
  const [text = "", length] = pattern.split("/");
  const address = parseAddress(text);
  if (!address) return undefined;
  const { family, value } = address;
  if (length === undefined) return { family, low: value, high: value };
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Infinity;
  if (prefix > bitsOf[family]) return undefined;
  const host = (1n << BigInt(bitsOf[family] - prefix)) - 1n;
  return { family, low: value & ~host, high: value | host };
}

/** An IPv4 or IPv6 address, or undefined. */
export function parseAddress(text: string): Address | undefined {
  return text.includes(":") ? parseIPv6(text) : parseIPv4(text);
}

function parseIPv4(text: string): Address | undefined {
  if (!/^(?:\d{1,3}\.){3}\d{1,3}$/.test(text)) return undefined;
  let value = 0n;
  for (const part of text.split(".")) {
    if (Number(part) > 255 || (part.length > 1 && part.startsWith("0"))) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return { family: 4, value };
}

function parseIPv6(text: string): Address | undefined {
  const tail = /^(.*:)([\d.]+)$/.exec(text);
  const inner = tail && tail[2]!.includes(".") ? parseIPv4(tail[2]!) : undefined;
  if (tail && tail[2]!.includes(".") && !inner) return undefined;
  const plain = inner
    ? `${tail![1]}${(inner.value >> 16n).toString(16)}:${(inner.value & 0xffffn).toString(16)}`
    : text;
  const halves = plain.split("::");
  if (halves.length > 2) return undefined;
  const [head, rest] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head!.length - (rest?.length ?? 0);
  if (rest === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head!, ...Array.from({ length: rest === undefined ? 0 : missing }, () => "0"), ...(rest ?? [])];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return { family: 6, value: groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n) };
}

const dot = 0x2e;
const colon = 0x3a;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isHex = (byte: number): boolean => isDigit(byte) || ((byte | 0x20) - 0x61 < 6 && (byte | 0x20) >= 0x61);
const isIPv4Byte = (byte: number): boolean => isDigit(byte) || byte === dot;
const isIPv6Byte = (byte: number): boolean => isHex(byte) || byte === dot || byte === colon;

/** Which kind of address may begin at `at`: 4, 6, or 0 for none. */
function addressAt(bytes: Uint8Array, at: number, end: number): 0 | 4 | 6 {
  const byte = bytes[at]!;
  if (isDigit(byte)) for (let i = at + 1; i <= at + 3 && i < end; i++) if (bytes[i] === dot) return 4;
  if (byte === colon) return at + 2 < end && bytes[at + 1] === colon && isHex(bytes[at + 2]!) ? 6 : 0;
  for (let i = at; i < at + 5 && i < end; i++) {
    if (i > at && bytes[i] === colon) return 6;
    if (!isHex(bytes[i]!)) return 0;
  }
  return 0;
}
