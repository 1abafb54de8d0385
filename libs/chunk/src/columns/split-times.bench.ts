import { test } from "vitest";
import { compress, decompress } from "../codec.ts";
import { randomFrom } from "../testing.ts";
import { decodeTimes, encodeSplitTimes } from "./split-times.ts";
import { decodeTimestamps, encodeTimestamps } from "./timestamps.ts";

const rows = 4000;
const random = randomFrom(1);
let at = 0;
const deltas = Float64Array.from(
  { length: rows },
  () => (at += Math.floor(random() * 50) * 4e6 + Math.floor(random() * 1e6)),
);
const origin = { delta: deltas[0]!, time: 1_768_478_400_000_000_000n };
const fail = (why: string): Error => new Error(why);
const split = encodeSplitTimes(deltas, origin, "zstd", 1)!;
const raw = encodeTimestamps(deltas, origin.delta);
const plain = compress(raw, "zstd");

test(`${rows} times: split ${split.length} bytes, plain ${plain.length}`, async ({ bench }) => {
  await bench.compare(
    bench("split, written", () => void encodeSplitTimes(deltas, origin, "zstd", 1)),
    bench("plain, written", () => void compress(encodeTimestamps(deltas, origin.delta), "zstd")),
  );
  await bench.compare(
    bench("split, read", () => void decodeTimes(split, rows, fail)),
    bench("plain, read", () => void decodeTimestamps(decompress("zstd", plain, raw.length, fail), rows, fail)),
  );
});
