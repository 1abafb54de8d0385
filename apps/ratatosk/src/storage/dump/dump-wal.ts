import { decodeBatch, extentOf } from "@ratatosk/chunk";
import { recordTypes } from "@ratatosk/ingester";
import { scanFile, type WalRecord } from "@ratatosk/wal";
import { damageOf } from "./damage.ts";
import { dumpLines } from "./dump-lines.ts";
import type { DumpOptions, DumpRecord } from "./dump-record.ts";

/** A file of an ingester's log: its records, and what between them is none. */
export function* dumpWal(key: string, bytes: Buffer, options: DumpOptions): Generator<DumpRecord> {
  const { version, generation, part, scanned } = scanFile(bytes);
  yield { kind: "log", key, version, generation, part, bytes: bytes.length };
  for (const found of scanned)
    if (found.kind === "record") yield* damageOf(key, () => dumpRecord(found.record, options));
    else if (found.kind === "damage")
      yield { kind: "damage", key, what: `bytes ${found.start} to ${found.end} are no record` };
    else yield { kind: "damage", key, what: `cut off at byte ${found.start}` };
}

function* dumpRecord({ type, payload }: WalRecord, { lines }: DumpOptions): Generator<DumpRecord> {
  const bytes = payload.length;
  if (type !== recordTypes.batch) {
    const name = Object.entries(recordTypes).find(([, number]) => number === type)?.[0] ?? "unknown";
    yield { kind: "record", type: name, bytes, payload: Buffer.from(payload).toString("base64") };
    return;
  }
  const { tenant, id, streams } = decodeBatch(payload);
  yield {
    kind: "batch",
    tenant,
    id: id === undefined ? "" : `${id.agent}/${id.sequence}`,
    bytes,
    streams: streams.length,
  };
  for (const { labels, block } of streams) {
    if (block.count === 0) continue;
    yield { kind: "stream", stream: labels, ...extentOf(block) };
    if (lines) yield* dumpLines(block);
  }
}
