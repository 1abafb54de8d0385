export { type S3Config, StorageConfig, createObjectStore } from "./config.ts";
export { FilesystemStore } from "./filesystem-store.ts";
export { MeasuredStore } from "./measured-store.ts";
export { MemoryStore } from "./memory-store.ts";
export type { ByteRange, ObjectInfo, ObjectStore } from "./object-store.ts";
export { S3Store } from "./s3-store.ts";
