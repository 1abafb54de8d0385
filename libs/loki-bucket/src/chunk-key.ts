import type { IndexedChunk } from "./table.ts";

const pattern = /^(.+)\/([0-9a-f]{1,16})[/:]([0-9a-f]{1,16})[:_]([0-9a-f]{1,16})[:_]([0-9a-f]{1,8})$/;

/** The last millisecond that a Date can tell. */
export const latestMs = 8.64e15;

/** The stream, times and checksum in a chunk's key, undefined when it is not one's. */
export function parseChunkKey(key: string): (IndexedChunk & { fingerprint: string }) | undefined {
  const match = pattern.exec(key);
  if (match === null) return undefined;
  const [, , fingerprint, from, through, crc] = match as unknown as [string, string, string, string, string, string];
  const hex = (text: string): number => parseInt(text, 16);
  const [fromMs, throughMs] = [hex(from), hex(through)];
  return fromMs <= throughMs && throughMs <= latestMs
    ? { key, fingerprint, fromMs, throughMs, crc: hex(crc) }
    : undefined;
}

/** The key of a chunk from its name in Loki's filesystem store: the other way round than `filesystemName`. */
export function keyOfFile(name: string): string {
  const slash = name.lastIndexOf("/") + 1;
  return `${name.slice(0, slash)}${Buffer.from(name.slice(slash), "base64").toString("latin1")}`;
}

/** How the names of a tenant's chunks begin where the whole key is one Base64 name (filesystem, schema v11 and before). */
export function flatPrefix(tenant: string): string {
  const known = Buffer.from(`${tenant}/`);
  return known.subarray(0, known.length - (known.length % 3)).toString("base64");
}

/** The key of a chunk: `old` schemas (v11 and before) write a colon after the fingerprint. */
export function chunkKey(
  tenant: string,
  fingerprint: bigint,
  from: number,
  through: number,
  crc: number,
  old: boolean,
): string {
  return chunkPrefix(tenant, fingerprint, old) + chunkName(from, through, crc);
}

/** What the keys of a stream's chunks begin with. */
export const chunkPrefix = (tenant: string, fingerprint: bigint, old: boolean): string =>
  `${tenant}/${fingerprint.toString(16)}${old ? ":" : "/"}`;

/** What follows the prefix. */
export const chunkName = (from: number, through: number, crc: number): string =>
  `${from.toString(16)}:${through.toString(16)}:${crc.toString(16)}`;

/** The name of a chunk in Loki's filesystem store, relative to its directory. */
export function filesystemName(key: string): string {
  const slash = key.lastIndexOf("/");
  const old = key.indexOf("/") === slash;
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  return old ? base64(key) : `${key.slice(0, slash + 1)}${base64(key.slice(slash + 1))}`;
}
