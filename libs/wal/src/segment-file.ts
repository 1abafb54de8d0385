import { randomInt } from "node:crypto";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";

/** A file of the log: `<generation>-<part>.wal`. A generation is dropped as a whole, a part is as much as is read at once. */
export interface SegmentName {
  readonly generation: number;
  readonly part: number;
}

/**
 * A file begins with
 *   ┌────────┬────────┬──────────────────┬────────────┬────────────┐
 *   │ "RTKW" │ 1 <u8> │ generation <u32> │ part <u32> │ salt <u32> │
 *   └────────┴────────┴──────────────────┴────────────┴────────────┘
 * The salt is random; the CRC-32 of the header is the seed of the records' checksums.
 */
export const fileHeaderBytes = 17;
const magic = Buffer.from("RTKW");
const version = 1;

function fileHeader({ generation, part }: SegmentName): Buffer {
  const header = Buffer.alloc(fileHeaderBytes);
  magic.copy(header);
  header[4] = version;
  header.writeUInt32LE(generation, 5);
  header.writeUInt32LE(part, 9);
  header.writeUInt32LE(randomInt(2 ** 32), 13);
  return header;
}

/** Why a file's first bytes are not those of this segment, or undefined. */
export function headerFault(bytes: Buffer, { generation, part }: SegmentName): string | undefined {
  if (bytes.length < fileHeaderBytes) return "is cut off in its header";
  if (bytes.compare(magic, 0, 4, 0, 4) !== 0) return "does not begin with RTKW";
  if (bytes[4] !== version) return `has version ${bytes[4]}, which is not known`;
  const [itsGeneration, itsPart] = [bytes.readUInt32LE(5), bytes.readUInt32LE(9)];
  if (itsGeneration !== generation || itsPart !== part) return `is part ${itsPart} of generation ${itsGeneration}`;
  return undefined;
}

/** The seed of a file's checksums. */
export const seedOf = (header: Buffer): number => crc32(header.subarray(0, fileHeaderBytes));

export const fileName = ({ generation, part }: SegmentName): string =>
  `${String(generation).padStart(10, "0")}-${String(part).padStart(6, "0")}.wal`;

/** The files of a directory, oldest first. */
export async function listSegments(directory: string): Promise<SegmentName[]> {
  const names = (await readdir(directory)).map((name) => /^(\d{10})-(\d{6})\.wal$/.exec(name));
  return names
    .filter((match) => match !== null)
    .map(([, generation, part]) => ({ generation: Number(generation), part: Number(part) }))
    .sort((a, b) => a.generation - b.generation || a.part - b.part);
}

/** A file that is being written, and the seed of its checksums. */
export interface SegmentFile {
  readonly handle: FileHandle;
  readonly seed: number;
}

/** Makes a file, its header and its name durable. */
export async function createSegment(directory: string, name: SegmentName): Promise<SegmentFile> {
  const handle = await open(join(directory, fileName(name)), "w");
  try {
    const header = fileHeader(name);
    await handle.write(header, 0, fileHeaderBytes, 0);
    await handle.datasync();
    await syncDirectory(directory);
    return { handle, seed: seedOf(header) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Makes the names in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
