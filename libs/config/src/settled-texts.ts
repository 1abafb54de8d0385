import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError } from "./config-error.ts";

const settleMs = 100;

/** The texts of files. Throws ConfigError that names the one that cannot be read. */
export async function readTexts(files: readonly string[]): Promise<string[]> {
  return Promise.all(files.map(readText));
}

/**
 * The texts of files that change while they are watched; where they are no longer those `known`, only once they have
 * been the same for a moment: whoever is writing one has emptied it first. Undefined until then.
 */
export async function settledTexts(files: readonly string[], known: readonly string[]): Promise<string[] | undefined> {
  const texts = await readTexts(files);
  if (isSame(texts, known)) return texts;
  await sleep(settleMs, undefined, { ref: false });
  return isSame(await readTexts(files), texts) ? texts : undefined;
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, i) => text === b[i]);

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new ConfigError(`${file}: cannot be read: ${(cause as Error).message}`, { cause });
  }
}
