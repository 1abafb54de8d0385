import { codecNumber, codecOf, maxColumnBytes } from "@ratatosk/chunk";
import { type BlockLocation, RatatoskError } from "@ratatosk/model";
import { z } from "zod";
import { segmentPattern } from "../keys.ts";
import type { BlockEntry } from "./directory.ts";
import type { PlacedBlock } from "./read-columns.ts";

const size = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const columnBytes = z.number().int().min(0).max(maxColumnBytes);
const time = z.string().regex(/^-?\d{1,19}$/);

/** What other processes read. */
const read = ["timestamps", "lengths", "lines", "metadata"] as const;
const isRead = (kind: string): kind is (typeof read)[number] => (read as readonly string[]).includes(kind);

/** A block of a segment: [minTime, maxTime, entries, bytes], and of each column what the segment's directory says. */
const SegmentLocation = z.strictObject({
  key: z.string().regex(segmentPattern),
  extent: z.tuple([
    time,
    time,
    z
      .number()
      .int()
      .min(0)
      .max(2 ** 32),
    size,
  ]),
  columns: z
    .array(
      z.tuple([
        z.enum(read),
        z.string(),
        z.number().int(),
        size,
        columnBytes,
        columnBytes,
        z
          .number()
          .int()
          .min(0)
          .max(2 ** 32),
      ]),
    )
    .max(10_000),
});
type SegmentLocation = z.infer<typeof SegmentLocation>;

export function locationOf(key: string, { minTime, maxTime, entries, bytes, columns }: BlockEntry): BlockLocation {
  const location: SegmentLocation = {
    key,
    extent: [String(minTime), String(maxTime), entries, bytes],
    columns: columns.flatMap(({ kind, name, codec, offset, storedBytes, rawBytes, crc }) =>
      isRead(kind) ? [[kind, name, codecNumber(codec), offset, storedBytes, rawBytes, crc]] : [],
    ),
  };
  return location;
}

/** The block that lies there. Throws bad_request where that is no place in a segment. */
export function placedBlock(location: BlockLocation): PlacedBlock {
  const { success, data } = SegmentLocation.safeParse(location);
  if (!success) throw new RatatoskError("bad_request", "not the place of a block");
  const [minTime, maxTime, entries, bytes] = data.extent;
  return {
    minTime: BigInt(minTime),
    maxTime: BigInt(maxTime),
    entries,
    bytes,
    columns: data.columns.map(([kind, name, codec, offset, storedBytes, rawBytes, crc]) => ({
      kind,
      name,
      codec: codecOf(codec, (message) => new RatatoskError("bad_request", message)),
      offset,
      storedBytes,
      rawBytes,
      crc,
    })),
  };
}
