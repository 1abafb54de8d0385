export { blockOf, type MemoryEntry, MemorySource, type MemoryStream } from "./testing/memory-source.ts";
export { unlimited } from "./testing/unlimited.ts";
