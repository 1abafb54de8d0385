import type { ObjectStore } from "@ratatosk/object-store";
import type { Counts } from "./counts.ts";

/** What was done of one span: it is written last, so that what has none is done again. */
export interface Receipt extends Counts {
  /** What could not be read. */
  readonly warnings: readonly string[];
}

export interface ReceiptName {
  readonly tenant: string;
  readonly id: string;
}

const keyOf = ({ tenant, id }: ReceiptName): string => `${tenant}/imports/${id}.json`;

export async function readReceipt(objects: ObjectStore, name: ReceiptName): Promise<Receipt | undefined> {
  const key = keyOf(name);
  if ((await objects.stat(key)) === undefined) return undefined;
  return JSON.parse(Buffer.from(await objects.get(key)).toString()) as Receipt;
}

/** `about` is for people. */
export async function writeReceipt(
  objects: ObjectStore,
  name: ReceiptName,
  receipt: Receipt,
  about: Readonly<Record<string, string>>,
): Promise<void> {
  await objects.put(keyOf(name), Buffer.from(JSON.stringify({ ...about, ...receipt })));
}
