import { isIPv4, isIPv6 } from "node:net";
import { quote } from "@ratatosk/model";
import { ConversionError } from "./go-float.ts";

/** An IP address as a number. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** The addresses that `ip("…")` stands for: `low` to `high`, both included. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly low: bigint;
  readonly high: bigint;
}

/** Reads an address, a CIDR or a range `a-b`. Throws ConversionError: `ip: invalid pattern: "…"`. */
export function parseIpPattern(text: string): AddressRange {
  const range = text.includes("/") ? cidr(text) : between(text);
  if (range === undefined) throw new ConversionError(`ip: invalid pattern: ${quote(text)}`);
  return range;
}

/** An address in dotted or colon form, or undefined. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { family: 4, value: joined(text.split(".").map(Number), 8n) };
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const [head = "", tail] = text.split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return { family: 6, value: joined([...before, ...zeros, ...after], 16n) };
}

function groups(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

function joined(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((value, part) => (value << bits) | BigInt(part), 0n);
}

function cidr(text: string): AddressRange | undefined {
  const [base = "", length = ""] = text.split("/", 2);
  const address = parseAddress(base);
  const size = address?.family === 4 ? 32 : 128;
  if (!address || !/^\d{1,3}$/.test(length) || Number(length) > size || text.split("/").length > 2) return undefined;
  const hostBits = BigInt(size - Number(length));
  const low = (address.value >> hostBits) << hostBits;
  return { family: address.family, low, high: low + (1n << hostBits) - 1n };
}

function between(text: string): AddressRange | undefined {
  const [first = "", last = first, ...more] = text.split("-");
  const low = parseAddress(first);
  const high = parseAddress(last);
  if (!low || !high || low.family !== high.family || low.value > high.value || more.length > 0) return undefined;
  return { family: low.family, low: low.value, high: high.value };
}
