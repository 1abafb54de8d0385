export type { Scanned, WalRecord } from "./record.ts";
export { scanFile, type WalFile } from "./scan-file.ts";
export { Wal, type WalOptions } from "./wal.ts";
