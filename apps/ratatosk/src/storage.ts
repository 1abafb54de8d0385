import { secret } from "@ratatosk/config";
import { z } from "zod";

const FilesystemConfig = z.strictObject({
  directory: z.string().prefault("./data").describe("Folder of the objects; made when it is not there."),
});

const S3Config = z.strictObject({
  endpoint: z.string().describe("Host and port of the S3 service."),
  bucket: z.string().describe("Bucket; made when it is not there."),
  access_key_id: z.string().prefault("").describe("Access key."),
  secret_access_key: secret.prefault("").describe("Secret key."),
  insecure: z.boolean().prefault(false).describe("Plain HTTP."),
  region: z.string().prefault("us-east-1").describe("Region."),
});

/** `storage`: a folder of this machine, or S3. */
export const StorageConfig = z.strictObject({
  filesystem: FilesystemConfig.prefault({}).describe("A folder of this machine; the default."),
  s3: S3Config.optional().describe("S3, MinIO or another service that speaks its API."),
});
export type StorageConfig = z.infer<typeof StorageConfig>;
