import { Directory } from "./directory.ts";
import { corrupt, footerBytes } from "./segment-format.ts";

/** A segment that is in memory as a whole. */
export interface SegmentFile {
  readonly version: number;
  readonly directory: Directory;
}

/** Opens a whole segment; `key` names it in errors. Throws corrupt. */
export function openSegmentFile(key: string, bytes: Uint8Array): SegmentFile {
  const fail = corrupt(key);
  if (bytes.length < footerBytes) throw fail("cut off");
  const footer = Buffer.from(bytes.buffer, bytes.byteOffset + bytes.length - footerBytes, footerBytes);
  const offset = footer.readBigInt64LE(0);
  if (offset < 0n || offset > BigInt(bytes.length - footerBytes)) throw fail("its directory lies outside of it");
  return { version: footer.readUInt32LE(20), directory: new Directory(key, bytes.subarray(Number(offset))) };
}
