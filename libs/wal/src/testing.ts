export { scanRecords } from "./record.ts";
export { fileHeaderBytes, seedOf } from "./segment-file.ts";
