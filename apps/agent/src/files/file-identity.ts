import { randomBytes } from "node:crypto";
import { readSync } from "node:fs";
import { crc32 } from "node:zlib";

/** What a file is recognised by: names change, inode numbers are given again, contents are replaced. */
export interface FileIdentity {
  /** `device:inode:random`, new with each new content. */
  readonly id: string;
  /** Length and checksum of the beginning of the content when it was last looked at. */
  readonly headBytes: number;
  readonly headSum: number;
}

const maxHeadBytes = 1024;
const head = Buffer.alloc(maxHeadBytes);

export const inodeKey = ({ dev, ino }: { dev: number; ino: number }): string => `${dev}:${ino}`;

/** `device:inode` of an identity. */
export const inodeOf = (identity: FileIdentity): string => identity.id.slice(0, identity.id.lastIndexOf(":"));

/** The identity of an open file whose content is new. */
export function identify(fd: number, inode: string): FileIdentity {
  return signed(fd, `${inode}:${randomBytes(6).toString("hex")}`);
}

/** The same file with the signature of as much as it holds now. */
export function signed(fd: number, id: string): FileIdentity {
  const headBytes = readSync(fd, head, 0, maxHeadBytes, 0);
  return { id, headBytes, headSum: crc32(head.subarray(0, headBytes)) };
}

/** Whether the signature can still grow. */
export const isSignatureShort = (identity: FileIdentity): boolean => identity.headBytes < maxHeadBytes;

/** Whether the file begins as the identity says. */
export function beginsAs(fd: number, { headBytes, headSum }: FileIdentity): boolean {
  return readSync(fd, head, 0, headBytes, 0) === headBytes && crc32(head.subarray(0, headBytes)) === headSum;
}
