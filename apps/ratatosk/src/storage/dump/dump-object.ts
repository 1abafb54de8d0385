import { RatatoskError } from "@ratatosk/model";
import { damageOf } from "./damage.ts";
import { dumpIndex } from "./dump-index.ts";
import type { DumpOptions, DumpRecord } from "./dump-record.ts";
import { dumpSegment } from "./dump-segment.ts";
import { dumpWal } from "./dump-wal.ts";

const readers: Readonly<Record<string, (key: string, bytes: Buffer, options: DumpOptions) => Iterable<DumpRecord>>> = {
  RTKS: dumpSegment,
  RTKI: dumpIndex,
  RTKW: dumpWal,
};

/** What a segment, index file or file of a log holds; which of them it is, its first bytes tell. */
export function dumpObject(key: string, bytes: Buffer, options: DumpOptions): Iterable<DumpRecord> {
  const read = readers[bytes.toString("latin1", 0, 4)];
  return damageOf(key, () => {
    if (read === undefined) throw new RatatoskError("corrupt", "begins as no segment, index file or log does");
    return read(key, bytes, options);
  });
}
