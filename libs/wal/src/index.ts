export type { Scanned, WalRecord } from "./record.ts";
export { scanFile, type WalFile } from "./scan-file.ts";
export { WalEvents } from "./events.ts";
export { Wal, type WalOptions } from "./wal.ts";
