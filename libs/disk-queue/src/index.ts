export { DiskQueue, type DiskQueueOptions } from "./disk-queue.ts";
export { syncDirectory, writeDurably } from "./durable-file.ts";
export type { QueueRecord } from "./record.ts";
