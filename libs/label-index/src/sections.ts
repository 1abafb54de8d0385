import { crc32, constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { RatatoskError } from "@ratatosk/model";

/** The error for an index file that cannot be read. */
export const corrupt = (why: string): RatatoskError => new RatatoskError("corrupt", `label index: ${why}`);

const magic = 0x494b5452; // "RTKI"
const version = 1;
const headerBytes = 12;
const entryBytes = 16;
const maxRawBytes = 2 ** 30;
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/**
 * A file of numbered sections, each compressed (zstd) with its checksum. All numbers are u32, little-endian.
 *   ┌────────┬───┬──────────┬────────────────────────────────────────────────┬──────────┬────────────────┐
 *   │ "RTKI" │ 1 │ sections │ sections × ( offset, stored, raw, crc of stored ) │ sections │ crc of the table │
 *   └────────┴───┴──────────┴────────────────────────────────────────────────┴──────────┴────────────────┘
 * The table's checksum covers everything before the first section and ends the file.
 */
export function writeSections(raw: readonly Uint8Array[]): Uint8Array {
  const stored = raw.map((bytes) => (bytes.length === 0 ? bytes : zstdCompressSync(bytes, options)));
  const tableEnd = headerBytes + raw.length * entryBytes;
  const total = stored.reduce((sum, { length }) => sum + length, tableEnd + 4);
  const file = Buffer.alloc(total);
  file.writeUInt32LE(magic, 0);
  file.writeUInt32LE(version, 4);
  file.writeUInt32LE(raw.length, 8);
  let offset = tableEnd;
  for (const [at, bytes] of stored.entries()) {
    const entry = headerBytes + at * entryBytes;
    file.writeUInt32LE(offset, entry);
    file.writeUInt32LE(bytes.length, entry + 4);
    file.writeUInt32LE(raw[at]!.length, entry + 8);
    file.writeUInt32LE(crc32(bytes), entry + 12);
    file.set(bytes, offset);
    offset += bytes.length;
  }
  file.writeUInt32LE(crc32(file.subarray(0, tableEnd)), total - 4);
  return new Uint8Array(file.buffer, file.byteOffset, file.length);
}

/** The sections, decompressed. Throws corrupt. */
export function readSections(bytes: Uint8Array, count: number): Uint8Array[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const tableEnd = headerBytes + count * entryBytes;
  if (file.length < tableEnd + 4) throw corrupt("cut off");
  if (file.readUInt32LE(0) !== magic) throw corrupt("does not begin with RTKI");
  if (file.readUInt32LE(4) !== version) throw corrupt(`version ${file.readUInt32LE(4)} is not known`);
  if (file.readUInt32LE(8) !== count) throw corrupt(`${file.readUInt32LE(8)} sections instead of ${count}`);
  if (crc32(file.subarray(0, tableEnd)) !== file.readUInt32LE(file.length - 4))
    throw corrupt("the table's checksum differs");
  return Array.from({ length: count }, (_, at) => readSection(file, headerBytes + at * entryBytes));
}

function readSection(file: Buffer, entry: number): Uint8Array {
  const [offset, stored, raw, crc] = [0, 4, 8, 12].map((at) => file.readUInt32LE(entry + at)) as [
    number,
    number,
    number,
    number,
  ];
  if (offset + stored > file.length || raw > maxRawBytes) throw corrupt("a section lies outside the file");
  const bytes = file.subarray(offset, offset + stored);
  if (crc32(bytes) !== crc) throw corrupt("a section's checksum differs");
  if (raw === 0) return new Uint8Array();
  const content = unzstd(bytes, raw);
  if (content.length !== raw) throw corrupt("a section has another size than it says");
  return new Uint8Array(content.buffer, content.byteOffset, raw);
}

function unzstd(bytes: Uint8Array, raw: number): Uint8Array {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: raw, chunkSize: Math.max(raw, 64) });
  } catch (error) {
    throw corrupt(`a section cannot be decompressed: ${(error as Error).message}`);
  }
}

/** A section as u32 numbers; the bytes are copied where they do not lie at a multiple of four. */
export function asU32(section: Uint8Array): Uint32Array {
  if (section.length % 4 !== 0) throw corrupt("a section of numbers has a broken size");
  const aligned = section.byteOffset % 4 === 0 ? section : section.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** A section as float64 numbers. */
export function asF64(section: Uint8Array): Float64Array {
  if (section.length % 8 !== 0) throw corrupt("a section of numbers has a broken size");
  const aligned = section.byteOffset % 8 === 0 ? section : section.slice();
  return new Float64Array(aligned.buffer, aligned.byteOffset, aligned.length / 8);
}

/** The bytes of numbers. */
export function asBytes(numbers: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
