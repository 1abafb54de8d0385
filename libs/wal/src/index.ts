export type { WalRecord } from "./record.ts";
export { Wal, type WalOptions } from "./wal.ts";
