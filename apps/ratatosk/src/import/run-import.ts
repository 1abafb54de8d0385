import { parseDuration, printBytes } from "@ratatosk/config";
import { bucketName, openOldBucket } from "@ratatosk/loki-bucket";
import { createObjectStore } from "@ratatosk/object-store";
import type { Config } from "../config.ts";
import { type ImportCounts, Importer } from "./importer.ts";

export interface ImportOptions {
  readonly from?: string;
  readonly to?: string;
  readonly withoutIndex?: boolean;
  readonly dryRun?: boolean;
}

/** Seen on ordinary logs: how many times smaller they are stored, and bytes of lines imported a second. */
const usualRatio = 5;
const usualBytesPerSecond = 30e6;

/** `ratatosk import`: copies the buckets of `storage.loki_buckets` into our own storage; its exit code. */
export async function runImport({ storage }: Config, options: ImportOptions): Promise<number> {
  if (storage.loki_buckets.length === 0) {
    process.stderr.write("ratatosk: nothing to import: the configuration has no storage.loki_buckets\n");
    return 2;
  }
  const aborter = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => aborter.abort());
  let warned = false;
  for (const bucket of storage.loki_buckets) {
    const name = bucketName(bucket);
    const began = performance.now();
    const importer = new Importer({
      name,
      bucket: openOldBucket(bucket),
      tenants: bucket.tenants,
      objects: createObjectStore(storage),
      fromMs: timeOf(options.from, 0),
      throughMs: timeOf(options.to, Date.now() + 86_400_000),
      withoutIndex: options.withoutIndex === true,
      dryRun: options.dryRun === true,
      progress: (counts, unit) => showProgress(counts, unit, began),
    });
    const counts = await importer.run(aborter.signal);
    if (process.stderr.isTTY) process.stderr.write("\n");
    process.stdout.write(options.dryRun === true ? estimate(name, counts) : summary(name, counts));
    for (const warning of counts.warnings) process.stderr.write(`warning: ${warning}\n`);
    warned ||= counts.warnings.length > 0;
  }
  return warned ? 1 : 0;
}

function timeOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const ago = parseDuration(text);
  const ms = ago === undefined ? Date.parse(text) : Date.now() - ago;
  if (Number.isNaN(ms)) throw new Error(`expected a day such as 2026-01-31 or how long ago such as 30d, got "${text}"`);
  return ms;
}

function showProgress({ units, entries, bytes }: ImportCounts, unit: string, began: number): void {
  const rate = bytes / ((performance.now() - began) / 1000);
  const line = `${unit}: ${units} days done, ${entries} lines, ${printMegabytes(bytes)} at ${printMegabytes(rate)}/s`;
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
}

const printMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function summary(name: string, counts: ImportCounts): string {
  const { units, skipped, streams, chunks, entries, duplicates, bytes, storedBytes } = counts;
  return [
    `${name}: imported`,
    `  days       ${units}${skipped > 0 ? `, ${skipped} of them before` : ""}`,
    `  streams    ${streams} (counted anew each day)`,
    `  chunks     ${chunks}`,
    `  lines      ${entries}`,
    `  duplicates ${duplicates}`,
    `  raw        ${bytes} bytes`,
    `  stored     ${storedBytes} bytes`,
    "",
  ].join("\n");
}

function estimate(name: string, { units, skipped, streams, chunks, entries, bytes }: ImportCounts): string {
  const known = bytes > 0;
  return [
    `${name}: would import`,
    `  days       ${units - skipped}${skipped > 0 ? `; ${skipped} are done` : ""}`,
    `  streams    ${streams} (counted anew each day)`,
    `  chunks     ${chunks}`,
    `  lines      ${known ? `about ${entries}` : "not told by a boltdb index"}`,
    `  raw        ${known ? `about ${printBytes(Math.round(bytes))}` : "not told by a boltdb index"}`,
    ...(known
      ? [
          `  stored     about ${printMegabytes(bytes / usualRatio)}`,
          `  time       about ${Math.ceil(bytes / usualBytesPerSecond)} s`,
        ]
      : []),
    "",
  ].join("\n");
}
