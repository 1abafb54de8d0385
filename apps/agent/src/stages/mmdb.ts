import { readFileSync } from "node:fs";
import { isIPv4, isIPv6 } from "node:net";

type Value = string | number | bigint | boolean | Buffer | readonly Value[] | { readonly [key: string]: Value };

const marker = Buffer.from("\xab\xcd\xefMaxMind.com", "latin1");
const maxDepth = 64;

/**
 * A database in MaxMind's format: a binary tree over the bits of an address whose leaves point into a data section.
 *   ┌─────────────┬──────────┬──────────────┬────────┬──────────┐
 *   │ search tree │ 16 zeros │ data section │ marker │ metadata │
 *   └─────────────┴──────────┴──────────────┴────────┴──────────┘
 */
export class MmdbReader {
  readonly #bytes: Buffer;
  readonly #nodes: number;
  readonly #recordBits: number;
  readonly #dataAt: number;
  readonly #isIpv6: boolean;

  /** Reads a file. Throws where it is none. */
  constructor(path: string) {
    this.#bytes = readFileSync(path);
    const at = this.#bytes.lastIndexOf(marker);
    if (at < 0) throw new Error("error opening database: invalid MaxMind DB file");
    const metadata = this.#decode(at + marker.length, at + marker.length, 0).value as Record<string, Value>;
    this.#nodes = Number(metadata["node_count"]);
    this.#recordBits = Number(metadata["record_size"]);
    if (![24, 28, 32].includes(this.#recordBits)) throw new Error("error opening database: unknown record size");
    this.#isIpv6 = Number(metadata["ip_version"]) === 6;
    this.#dataAt = (this.#nodes * this.#recordBits) / 4 + 16;
  }

  /** What is known of an address; undefined where nothing is, or it is none. */
  find(address: string): Record<string, Value> | undefined {
    const bits = addressBytes(address, this.#isIpv6);
    if (bits === undefined) return undefined;
    let node = 0;
    for (let i = 0; i < bits.length * 8 && node < this.#nodes; i++)
      node = this.#record(node, (bits[i >> 3]! >> (7 - (i & 7))) & 1);
    if (node <= this.#nodes) return undefined;
    return this.#decode(this.#dataAt + node - this.#nodes - 16, this.#dataAt, 0).value as Record<string, Value>;
  }

  #record(node: number, side: number): number {
    const at = (node * this.#recordBits) / 4;
    if (this.#recordBits === 32) return this.#bytes.readUInt32BE(at + side * 4);
    if (this.#recordBits === 24) return this.#bytes.readUIntBE(at + side * 3, 3);
    const middle = this.#bytes[at + 3]!;
    const high = side === 0 ? middle >> 4 : middle & 15;
    return high * 2 ** 24 + this.#bytes.readUIntBE(at + side * 4, 3);
  }

  #decode(from: number, base: number, depth: number): { value: Value; next: number } {
    if (depth > maxDepth) throw new Error("MaxMind DB: data nested too deeply");
    const control = this.#bytes[from]!;
    let at = from + 1;
    let type = control >> 5;
    if (type === 1) return this.#pointer(control, at, base, depth);
    if (type === 0) type = this.#bytes[at++]! + 7;
    let size = control & 31;
    if (size >= 29) {
      const extra = size - 28;
      size = this.#bytes.readUIntBE(at, extra) + [29, 285, 65_821][extra - 1]!;
      at += extra;
    }
    if (type === 7) return this.#map(at, size, base, depth);
    if (type === 11) return this.#list(at, size, base, depth);
    if (type === 14) return { value: size !== 0, next: at };
    return { value: this.#scalar(type, at, size), next: at + size };
  }

  #pointer(control: number, at: number, base: number, depth: number): { value: Value; next: number } {
    const size = (control >> 3) & 3;
    const low = control & 7;
    const offset =
      size === 3
        ? this.#bytes.readUInt32BE(at)
        : low * 2 ** (8 * (size + 1)) + this.#bytes.readUIntBE(at, size + 1) + [0, 2048, 526_336][size]!;
    return { value: this.#decode(base + offset, base, depth + 1).value, next: at + size + 1 };
  }

  #map(from: number, size: number, base: number, depth: number): { value: Value; next: number } {
    const value: Record<string, Value> = {};
    let at = from;
    for (let i = 0; i < size; i++) {
      const key = this.#decode(at, base, depth + 1);
      const one = this.#decode(key.next, base, depth + 1);
      value[key.value as string] = one.value;
      at = one.next;
    }
    return { value, next: at };
  }

  #list(from: number, size: number, base: number, depth: number): { value: Value; next: number } {
    const value: Value[] = [];
    let at = from;
    for (let i = 0; i < size; i++) {
      const one = this.#decode(at, base, depth + 1);
      value.push(one.value);
      at = one.next;
    }
    return { value, next: at };
  }

  #scalar(type: number, at: number, size: number): Value {
    const bytes = this.#bytes.subarray(at, at + size);
    if (type === 2) return bytes.toString();
    if (type === 3) return bytes.readDoubleBE(0);
    if (type === 15) return bytes.readFloatBE(0);
    if (type === 4) return bytes;
    if (size === 0) return 0;
    if (type === 8) return size === 4 ? bytes.readInt32BE(0) : bytes.readUIntBE(0, size);
    return size <= 6 ? bytes.readUIntBE(0, size) : BigInt(`0x${bytes.toString("hex")}`);
  }
}

/** The bytes of an address as the tree reads them. */
function addressBytes(address: string, asIpv6: boolean): Uint8Array | undefined {
  if (isIPv4(address)) {
    const four = address.split(".").map(Number);
    return Uint8Array.from(asIpv6 ? [...Array<number>(12).fill(0), ...four] : four);
  }
  if (!isIPv6(address) || !asIpv6) return undefined;
  const [head = "", tail] = address
    .replace(/%.*$/, "")
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, inHex)
    .split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const left = groups(head);
  const right = groups(tail ?? "");
  const words = [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
  return Uint8Array.from(words.flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 255]));
}

const inHex = (_: string, ...parts: string[]): string => {
  const [a, b, c, d] = parts.slice(0, 4).map(Number) as [number, number, number, number];
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
};
