import { parseDuration } from "@ratatosk/config";
import { bucketName, openOldBucket } from "@ratatosk/loki-bucket";
import { RatatoskError } from "@ratatosk/model";
import { createObjectStore } from "@ratatosk/object-store";
import type { Config } from "../config.ts";
import { Importer } from "./importer.ts";
import { ImportProgress } from "./import-progress.ts";
import { estimate, summary } from "./report.ts";

export interface ImportOptions {
  readonly from?: string;
  readonly to?: string;
  readonly withoutIndex?: boolean;
  readonly dryRun?: boolean;
}

const dayMs = 86_400_000;
/** Nanoseconds since 1970 tell no later year. */
const latestMs = Date.parse("2262-01-01");

/** `ratatosk import`: copies the buckets of `storage.loki_buckets` into our own storage; its exit code. */
export async function runImport({ storage }: Config, options: ImportOptions): Promise<number> {
  if (storage.loki_buckets.length === 0) {
    process.stderr.write("ratatosk: nothing to import: the configuration has no storage.loki_buckets\n");
    return 2;
  }
  const range = { fromMs: timeOf(options.from, 0), throughMs: timeOf(options.to, latestMs) };
  const aborter = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => aborter.abort());
  let warned = false;
  for (const bucket of storage.loki_buckets) {
    const name = bucketName(bucket);
    const progress = new ImportProgress();
    const importer = new Importer({
      name,
      bucket: openOldBucket(bucket),
      tenants: bucket.tenants,
      objects: createObjectStore(storage),
      ...range,
      withoutIndex: options.withoutIndex === true,
      dryRun: options.dryRun === true,
      progress: (counts, place) => progress.show(counts, place),
    });
    try {
      const counts = await importer.run(aborter.signal);
      progress.end();
      process.stdout.write(options.dryRun === true ? estimate(name, counts) : summary(name, counts));
      for (const warning of counts.warnings) process.stderr.write(`warning: ${warning}\n`);
      warned ||= counts.warnings.length > 0;
    } catch (error) {
      progress.end();
      if (!aborter.signal.aborted) throw named(name, error);
      process.stderr.write(`${name}: stopped; the same command goes on with the day that it was at\n`);
      return 130;
    }
  }
  return warned ? 1 : 0;
}

function named(name: string, error: unknown): RatatoskError {
  const { code, message } = RatatoskError.from(error);
  return new RatatoskError(code, `${name}: ${message}`, { cause: error });
}

/** A moment, or the beginning of the day so long ago: an import that is repeated has the same range. */
function timeOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const ago = parseDuration(text);
  const ms = ago === undefined ? Date.parse(text) : Math.floor((Date.now() - ago) / dayMs) * dayMs;
  if (Number.isNaN(ms)) throw new Error(`expected a day such as 2026-01-31 or how long ago such as 30d, got "${text}"`);
  return ms;
}
