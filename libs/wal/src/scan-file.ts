import { RatatoskError } from "@ratatosk/model";
import { type Scanned, scanRecords } from "./record.ts";
import { fileHeaderBytes, headerFault, seedOf, type SegmentName } from "./segment-file.ts";

/** A file of the log, for who looks at one. */
export interface WalFile extends SegmentName {
  readonly version: number;
  /** Its records, and what between them is none. */
  readonly scanned: Iterable<Scanned>;
}

/** Opens a file by its bytes, whatever its name. Throws corrupt where it does not begin as one. */
export function scanFile(bytes: Buffer): WalFile {
  const isWhole = bytes.length >= fileHeaderBytes;
  const name = { generation: isWhole ? bytes.readUInt32LE(5) : 0, part: isWhole ? bytes.readUInt32LE(9) : 0 };
  const fault = headerFault(bytes, name);
  if (fault !== undefined) throw new RatatoskError("corrupt", `the file ${fault}`);
  return { ...name, version: bytes[4]!, scanned: scanRecords(bytes, fileHeaderBytes, seedOf(bytes)) };
}
