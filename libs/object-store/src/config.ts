import { secret, secretOrFile } from "@ratatosk/config";
import { z } from "zod";
import { FilesystemStore } from "./filesystem-store.ts";
import type { ObjectStore, Place } from "./object-store.ts";
import { S3Store } from "./s3-store.ts";

const FilesystemConfig = z.strictObject({
  directory: z.string().prefault("./data").describe("Directory that holds the objects."),
});

const S3Config = z.strictObject({
  endpoint: z.string().describe("Host and port of the store, such as minio:9000."),
  bucket: z.string().describe("Bucket that holds the objects; made when it is not there."),
  access_key_id: z.string().prefault("").describe("Access key."),
  secret_access_key: secret.prefault("").describe("Secret key."),
  access_key_id_file: z.string().optional().describe("File that holds the access key, instead of `access_key_id`."),
  secret_access_key_file: z
    .string()
    .optional()
    .describe("File that holds the secret key, instead of `secret_access_key`."),
  insecure: z.boolean().prefault(false).describe("Speak HTTP instead of HTTPS."),
  region: z.string().prefault("us-east-1").describe("Region of the bucket."),
  s3forcepathstyle: z.boolean().prefault(true).describe("Name the bucket in the path instead of the host name."),
});
export type S3Config = z.infer<typeof S3Config>;

/** `storage`: where segments, index files, rules and deletes lie. */
export const StorageConfig = z.strictObject({
  filesystem: FilesystemConfig.prefault({}).describe("A directory, used unless `s3` is given."),
  s3: S3Config.optional().describe("A bucket of S3, MinIO or a store that speaks like them."),
});
export type StorageConfig = z.infer<typeof StorageConfig>;

/** The store that the configuration names. A foreign one that is not there throws not_found when it is listed. */
export function createObjectStore({ filesystem, s3 }: StorageConfig, place: Place = {}): ObjectStore {
  return s3 === undefined ? new FilesystemStore(filesystem.directory, place) : new S3Store(withKeys(s3), place);
}

function withKeys(s3: S3Config): S3Config {
  return {
    ...s3,
    access_key_id: secretOrFile(s3.access_key_id, s3.access_key_id_file),
    secret_access_key: secretOrFile(s3.secret_access_key, s3.secret_access_key_file),
  };
}
