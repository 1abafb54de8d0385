import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Replaces a file: written beside, fsynced, renamed, the directory fsynced. After a crash it is the old or the new one. */
export async function writeDurably(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  await replace(path, content, mode, true);
  await syncDirectory(dirname(path));
}

/** Replaces a file so that a process that ends leaves the old or the new one. After a power cut it may be any, or empty. */
export const writeWhole = (path: string, content: string | Uint8Array, mode = 0o600): Promise<void> =>
  replace(path, content, mode, false);

async function replace(path: string, content: string | Uint8Array, mode: number, isSynced: boolean): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, "w", mode);
  try {
    await file.writeFile(content);
    if (isSynced) await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** Makes names created, renamed or removed in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
