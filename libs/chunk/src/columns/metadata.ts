import { ByteReader, ByteWriter, type Fail } from "@ratatosk/bytes";
import type { MetadataColumn } from "@ratatosk/model";
import { freshMemory, type Memory } from "../scratch.ts";

/**
 * One name of structured metadata.
 *   ┌────────────────┬──────────────────────┬─────────────────────────────────────────────────┐
 *   │ values <varint>│ values × value <text> │ rows × index <varint>: 0 none, else 1 + position │
 *   └────────────────┴──────────────────────┴─────────────────────────────────────────────────┘
 */
export function encodeMetadata({ values, index }: MetadataColumn): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(values.length * 16 + index.length + 16);
  out.varint(values.length);
  for (const value of values) out.text(value);
  for (let row = 0; row < index.length; row++) out.varint(index[row]!);
  return out.written().slice();
}

/** The values and the rows that hold them. */
export function decodeMetadata(
  name: string,
  bytes: Uint8Array,
  count: number,
  fail: Fail,
  memory: Memory = freshMemory,
): MetadataColumn {
  const reader = new ByteReader(bytes, fail);
  const values = Array.from({ length: reader.count() }, () => reader.text());
  if (count > reader.remaining) throw fail(`${count} rows in ${reader.remaining} bytes`);
  const index = memory.words(count);
  for (let row = 0; row < count; row++) {
    const position = reader.varint();
    if (position > values.length) throw fail(`value ${position} of ${values.length}`);
    index[row] = position;
  }
  reader.end();
  return { name, values, index };
}
