import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "@ratatosk/disk-queue";

export const newIdentity = (): string => randomBytes(8).toString("hex");

/** The name under which a queue's batches are known to the server, as old as the queue. */
export async function identityIn(directory: string): Promise<string> {
  const path = join(directory, "id");
  const known = (await readFile(path, "utf8").catch(() => "")).trim();
  if (/^[0-9a-f]{16}$/.test(known)) return known;
  const id = newIdentity();
  await writeDurably(path, `${id}\n`);
  return id;
}
