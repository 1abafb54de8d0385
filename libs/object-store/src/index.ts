export type { ByteRange, ObjectInfo, ObjectStore } from "./object-store.ts";
