export { MemorySource, type MemoryStream } from "./testing/memory-source.ts";
