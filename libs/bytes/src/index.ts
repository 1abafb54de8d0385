export { BoundedCache } from "./bounded-cache.ts";
export { ByteReader, type Fail } from "./byte-reader.ts";
export { ByteWriter } from "./byte-writer.ts";
