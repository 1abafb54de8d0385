/**
 * The skip index of a block, version 1. Numbers are little-endian, sizes count eight bytes.
 *   ┌──────────┬────────┬─────────────┬──────────────┬────────────┬─────────────┐
 *   │ "S" <u8> │ 1 <u8> │ words <u16> │ groups <u16> │ words' map │ groups' map │
 *   └──────────┴────────┴─────────────┴──────────────┴────────────┴─────────────┘
 * A map of b bits has bit ⌊hash × b ÷ hashes⌋ set for each hash that was marked, bit n being bit n mod 8 of byte n ÷ 8.
 * A map of no bits says nothing.
 */
export const magic = 0x53;
export const version = 1;
export const headerBytes = 6;
/** Maps are multiples of this many bytes. */
export const unitBytes = 8;

/** How many hashes there are of words, and of groups. */
export const wordHashes = 2 ** 17;
export const groupHashes = 2 ** 18;

export interface Skip {
  readonly words: Uint8Array;
  readonly groups: Uint8Array;
}

export function writeSkip({ words, groups }: Skip): Uint8Array<ArrayBuffer> {
  const skip = new Uint8Array(headerBytes + words.length + groups.length);
  const view = new DataView(skip.buffer);
  view.setUint8(0, magic);
  view.setUint8(1, version);
  view.setUint16(2, words.length / unitBytes, true);
  view.setUint16(4, groups.length / unitBytes, true);
  skip.set(words, headerBytes);
  skip.set(groups, headerBytes + words.length);
  return skip;
}

/** Undefined where the bytes are none of this version. */
export function readSkip(skip: Uint8Array): Skip | undefined {
  if (skip.length < headerBytes || skip[0] !== magic || skip[1] !== version) return undefined;
  const view = new DataView(skip.buffer, skip.byteOffset, skip.length);
  const groupsAt = headerBytes + view.getUint16(2, true) * unitBytes;
  const end = groupsAt + view.getUint16(4, true) * unitBytes;
  if (end !== skip.length) return undefined;
  return { words: skip.subarray(headerBytes, groupsAt), groups: skip.subarray(groupsAt, end) };
}
