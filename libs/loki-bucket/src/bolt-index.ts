import { labelsFrom } from "@ratatosk/model";
import { createHash } from "node:crypto";
import { BoltFile } from "./bolt-file.ts";
import { parseChunkKey } from "./chunk-key.ts";
import { corrupt } from "./corrupt.ts";
import type { IndexedChunk, IndexedSeries, IndexFile, IndexQuery } from "./table.ts";

const fail = corrupt("boltdb index");
const rowShards = 16;

/**
 * The boltdb index of schemas v9 to v13. A row's key is its hash value, a zero byte and its range value:
 *   label value  SS:T:dN:logs:<label>  B64(value) 0 SID 0 0 '8' 0    the row's value is the label's
 *   label names  SID                   0 0 0 '9' 0                   JSON array (not before v11)
 *   chunk        T:dN:SID              8 hex 0 0 chunk key 0 '3' 0
 * SS is the series' shard in two digits (not in v9), T the tenant, N the day, SID the series, B64 a hash in Base64.
 */
export class BoltIndex implements IndexFile {
  readonly #file: BoltFile;
  readonly #buckets: ReadonlySet<string>;
  readonly #day: number;

  /** `day` is the number of the table that the file lies in. */
  constructor(path: string, day: number) {
    this.#file = new BoltFile(path);
    this.#day = day;
    try {
      this.#buckets = new Set(this.#file.buckets());
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  close(): void {
    this.#file.close();
  }

  *select(query: IndexQuery): Generator<IndexedSeries> {
    const series = query.equals.length === 0 ? this.#allSeries(query) : this.#seriesWith(query);
    const labels = this.#labelsOf(query.tenant, series);
    for (const id of series) {
      const set = labelsFrom(labels.get(id) ?? []);
      if (!query.matches(set)) continue;
      const chunks = this.#chunksOf(query, id);
      if (chunks.length > 0) yield { labels: set, chunks };
    }
  }

  *chunks(tenant: string): Generator<IndexedChunk> {
    for (const key of this.#keys(tenant, `${tenant}:d${this.#day}:`)) {
      const chunk = parseChunkKey(key.split("\0")[3] ?? "");
      if (chunk !== undefined) yield chunk;
    }
  }

  #allSeries({ tenant }: IndexQuery): Set<string> {
    const prefix = `${tenant}:d${this.#day}:`;
    const series = new Set<string>();
    for (const key of this.#keys(tenant, prefix)) {
      const id = key.slice(prefix.length, key.indexOf("\0"));
      if (isSeries(id)) series.add(id);
    }
    return series;
  }

  /** The series that have all labels of `equals`. */
  #seriesWith({ tenant, equals }: IndexQuery): Set<string> {
    const sets = equals.map(([name, value]) => {
      const found = new Set<string>();
      for (const shard of shards)
        for (const key of this.#keys(tenant, `${shard}${tenant}:d${this.#day}:logs:${name}\0${base64(value)}\0`))
          found.add(key.split("\0")[2] ?? "");
      return found;
    });
    return new Set([...sets[0]!].filter((id) => isSeries(id) && sets.every((set) => set.has(id))));
  }

  /** Labels of some series, from the label value rows of the names that they use. */
  #labelsOf(tenant: string, series: ReadonlySet<string>): Map<string, [string, string][]> {
    const labels = new Map<string, [string, string][]>();
    const prefix = `${tenant}:d${this.#day}:logs:`;
    const used = new Set([...series].map(shardOf));
    for (const name of this.#namesOf(tenant, series) ?? [""])
      for (const shard of shards) {
        if (shard !== "" && !used.has(shard)) continue;
        for (const { key, value } of this.#rows(tenant, `${shard}${prefix}${name}${name && "\0"}`)) {
          const parts = text(key).split("\0");
          if (parts.at(-2) !== "8" || !series.has(parts[2] ?? "")) continue;
          const label = parts[0]!.slice(shard.length + prefix.length);
          labels.set(parts[2]!, [...(labels.get(parts[2]!) ?? []), [label, text(value)]]);
        }
      }
    return labels;
  }

  /** The label names that some series use; undefined where the schema does not say. */
  #namesOf(tenant: string, series: ReadonlySet<string>): Set<string> | undefined {
    const names = new Set<string>();
    for (const id of series) {
      let known = false;
      for (const { key, value } of this.#rows(tenant, `${id}\0`)) {
        if (text(key).split("\0").at(-2) !== "9") continue;
        for (const name of readNames(value)) names.add(name);
        known = true;
      }
      if (!known) return undefined;
    }
    return names;
  }

  #chunksOf({ tenant, fromMs, throughMs, oneChunk }: IndexQuery, id: string): IndexedChunk[] {
    const chunks: IndexedChunk[] = [];
    for (const key of this.#keys(tenant, `${tenant}:d${this.#day}:${id}\0`)) {
      const chunk = parseChunkKey(key.split("\0")[3] ?? "");
      if (chunk === undefined || chunk.throughMs < fromMs || chunk.fromMs > throughMs) continue;
      chunks.push(chunk);
      if (oneChunk) break;
    }
    return chunks;
  }

  *#keys(tenant: string, prefix: string): Generator<string> {
    for (const { key } of this.#rows(tenant, prefix)) yield text(key);
  }

  /** Rows of the tenant's own bucket and of the common one. */
  *#rows(tenant: string, prefix: string): Generator<{ key: Uint8Array; value: Uint8Array }> {
    for (const bucket of new Set(["index", tenant]))
      if (this.#buckets.has(bucket)) yield* this.#file.rows(bucket, Buffer.from(prefix));
  }
}

/** What may stand before the tenant: nothing (v9) or the shard. */
const shards = ["", ...Array.from({ length: rowShards }, (_, shard) => `${String(shard).padStart(2, "0")}:`)];

const text = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();

/** The JSON array of a label names row. */
function readNames(value: Uint8Array): string[] {
  try {
    const names: unknown = JSON.parse(text(value));
    if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
  } catch {}
  throw fail("label names are not a list");
}

const isSeries = (id: string): boolean => id.length === 43;

const base64 = (value: string): string => createHash("sha256").update(value).digest("base64").slice(0, 43);

const shardOf = (id: string): string =>
  `${String(Buffer.from(id.slice(0, 4)).readUInt32BE(0) % rowShards).padStart(2, "0")}:`;
