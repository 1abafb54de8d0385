import { RatatoskError } from "@ratatosk/model";
import type { DumpRecord } from "./dump-record.ts";

/** What can be read, then, where damage ends it, a record of that. */
export function* damageOf(key: string, read: () => Iterable<DumpRecord>): Generator<DumpRecord> {
  try {
    yield* read();
  } catch (thrown) {
    const { code, message } = RatatoskError.from(thrown);
    if (code !== "corrupt") throw thrown;
    yield { kind: "damage", key, what: message };
  }
}
