export { type MemoryEntry, MemorySource, type MemoryStream } from "./testing/memory-source.ts";
