import { randomUUID } from "node:crypto";
import { bucketName, type LokiBucketConfig, openOldBucket } from "@ratatosk/loki-bucket";
import { createObjectStore, type StorageConfig } from "@ratatosk/object-store";
import { clockFinding } from "./clock.ts";
import { examine, type Finding } from "./finding.ts";

const probeMs = 15_000;

/** Writes, reads and deletes a small object. */
export function checkStore(storage: StorageConfig): Promise<Finding[]> {
  const place = storage.s3 ? `${storage.s3.endpoint}/${storage.s3.bucket}` : storage.filesystem.directory;
  const advice = storage.s3
    ? "check endpoint, insecure, region and the keys, which need rights to list, read, write and delete"
    : "check that the directory is there and that this user may write into it";
  return examine("store", advice, async () => {
    const objects = createObjectStore(storage);
    const key = `doctor/${randomUUID()}`;
    const text = Buffer.from("written by ratatosk doctor");
    const before = Date.now();
    await inTime(place, objects.put(key, text));
    const after = Date.now();
    const info = await inTime(place, objects.stat(key));
    const read = await inTime(place, objects.get(key));
    await inTime(place, objects.delete([key]));
    if (!text.equals(read) || info === undefined) throw new Error(`${place} gave back other bytes than were written`);
    const what = `${place}: written, read and deleted in ${Date.now() - before} ms`;
    return [{ state: "ok", about: "store", what }, clockFinding("the store", info.modifiedMs, [before, after])];
  });
}

/** Looks for the index of an old bucket. */
export function checkOldBucket(bucket: LokiBucketConfig): Promise<Finding[]> {
  const about = "old bucket";
  return examine(
    about,
    "check schema_config, the place and the keys of this entry of storage.loki_buckets",
    async () => {
      const tables = await inTime(bucketName(bucket), openOldBucket(bucket).tables());
      if (tables.length > 0) return [{ state: "ok", about, what: `${bucketName(bucket)}: ${tables.length} tables` }];
      return [
        {
          state: "warning",
          about,
          what: `${bucketName(bucket)} has no index`,
          advice:
            "check the prefixes in schema_config; a bucket that lost its index is read by ratatosk import --without-index",
        },
      ];
    },
  );
}

function inTime<T>(place: string, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${place} does not answer within ${probeMs / 1000} s`)), probeMs);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
