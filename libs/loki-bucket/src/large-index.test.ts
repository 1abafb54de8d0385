import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createGzip } from "node:zlib";
import { type Labels, labelsFrom } from "@ratatosk/model";
import { afterAll, describe, expect, test } from "vitest";
import { BoltWriter } from "./testing/bolt-writer.ts";
import { writeTsdb, type WrittenSeries } from "./testing/tsdb-writer.ts";

const directory = mkdtempSync(join(tmpdir(), "loki-large-"));
afterAll(() => rmSync(directory, { recursive: true }));

const apps = 50;
const dayMs = 20_468 * 86_400_000;
const memoryMiB = 256;

const labelsOf = (i: number): Labels =>
  labelsFrom([
    ["app", `app-${i % apps}`],
    ["env", "prod"],
    ["pod", `pod-${i}`],
  ]);
const chunkTimes = (count: number): { from: number; through: number; crc: number }[] =>
  Array.from({ length: count }, (_, k) => ({
    from: dayMs + k * 370_000,
    through: dayMs + k * 370_000 + 369_000,
    crc: k * 7919,
  }));

function* tsdbSeries(count: number, chunks: number): Generator<WrittenSeries> {
  const times = chunkTimes(chunks);
  for (let i = 0; i < count; i++) yield { labels: labelsOf(i), fingerprint: BigInt(i + 1), chunks: times };
}

/** The rows of a boltdb index, ascending, the chunk rows made as they are written. */
function writeBolt(path: string, count: number, chunks: number): void {
  const hash = (text: string): string => createHash("sha256").update(text).digest("base64").slice(0, 43);
  const shard = (id: string): string => String(Buffer.from(id.slice(0, 4)).readUInt32BE(0) % 16).padStart(2, "0");
  const ids = Array.from({ length: count }, (_, i) => ({ id: hash(`series ${i}`), labels: labelsOf(i) }));
  const rows: [Buffer, Buffer][] = ids.flatMap(({ id, labels }) => [
    [Buffer.from(`${id}\0\0\0\x39\0`), Buffer.from(JSON.stringify(labels.map(([name]) => name)))] as [Buffer, Buffer],
    ...labels.map(([name, value]): [Buffer, Buffer] => [
      Buffer.from(`${shard(id)}:fake:d20468:logs:${name}\0${hash(value)}\0${id}\0\0\x38\0`),
      Buffer.from(value),
    ]),
  ]);
  rows.sort(([a], [b]) => Buffer.compare(a, b));
  const writer = new BoltWriter(path);
  const chunkPrefix = Buffer.from("fake:d20468:");
  const split = rows.findIndex(([key]) => Buffer.compare(key, chunkPrefix) > 0);
  for (const [key, value] of rows.slice(0, split)) writer.add(key, value);
  const times = chunkTimes(chunks);
  for (const { id } of ids.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    for (const { from, through, crc } of times) {
      const hex = (through - dayMs).toString(16).padStart(8, "0");
      const key = `fake/${id.length.toString(16)}aa/${from.toString(16)}:${through.toString(16)}:${crc.toString(16)}`;
      writer.add(Buffer.from(`fake:d20468:${id}\0${hex}\0\0${key}\0\x33\0`), Buffer.from("-"));
    }
  for (const [key, value] of rows.slice(split)) writer.add(key, value);
  writer.finish();
}

/** How a server is started, and what Node allows its heap where a container has 256 MiB. */
const likeServer = ["--min-semi-space-size=4", "--max-semi-space-size=4", "--max-old-space-size=128"];

/** Asks a bucket in which the file lies packed, as Loki ships it. */
async function ask(store: string, path: string): Promise<{ peakMiB: number } & Record<string, unknown>> {
  const bucket = `${path}-bucket`;
  const table = join(bucket, "index/index_20468/fake");
  mkdirSync(table, { recursive: true });
  await pipeline(createReadStream(path), createGzip({ level: 1 }), createWriteStream(join(table, "large.gz")));
  rmSync(path);
  const child = fileURLToPath(new URL("testing/ask-large-index.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...likeServer, child, store, bucket, "app-7"]);
  rmSync(bucket, { recursive: true });
  return JSON.parse(stdout) as never;
}

/** Files of this size take a minute to make: they are tried where all parts have to be real. */
const large = process.env["RATATOSK_REQUIRE_REAL_PARTS"] === "1";

describe.each([["small", 1 / 100], ...(large ? [["large", 1] as [string, number]] : [])])(
  "a %s index file is asked without being loaded",
  (_, share) => {
    test("tsdb, up to 500 MB", { timeout: 900_000 }, async () => {
      const path = join(directory, `tsdb-${share}`);
      const [series, chunks] = [200_000 * share, 230];
      writeTsdb(path, () => tsdbSeries(series, chunks));
      expect(statSync(path).size).toBeGreaterThan(500e6 * share);
      const { peakMiB, ...counts } = await ask("tsdb", path);
      expect(counts).toEqual({
        one: { series: 1, chunks },
        many: { series: series / apps, chunks: (series / apps) * chunks },
        labels: { series: series / apps, values: series },
      });
      expect(peakMiB).toBeLessThan(memoryMiB);
    });

    test("boltdb, up to 1 GB", { timeout: 900_000 }, async () => {
      const path = join(directory, `bolt-${share}`);
      const [series, chunks] = [40_000 * share, 200];
      writeBolt(path, series, chunks);
      expect(statSync(path).size).toBeGreaterThan(1e9 * share);
      const { peakMiB, ...counts } = await ask("boltdb-shipper", path);
      expect(counts).toEqual({
        one: { series: 1, chunks },
        many: { series: series / apps, chunks: (series / apps) * chunks },
        labels: { series: series / apps, values: series },
      });
      expect(peakMiB).toBeLessThan(memoryMiB);
    });
  },
);
