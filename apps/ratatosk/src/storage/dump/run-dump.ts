import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { RatatoskError } from "@ratatosk/model";
import { createObjectStore, type ObjectStore } from "@ratatosk/object-store";
import type { Config } from "../../config.ts";
import { dumpObject } from "./dump-object.ts";
import { dumpJson, type DumpOptions, dumpText } from "./dump-record.ts";

/** `ratatosk storage dump`: what files, or objects of the store, hold. 1 where something is damaged. */
export async function runDump(
  names: readonly string[],
  { storage }: Config,
  { json, ...options }: DumpOptions & { readonly json: boolean },
): Promise<number> {
  const objects = createObjectStore(storage);
  const print = json ? dumpJson : dumpText;
  let isDamaged = false;
  async function* printed(): AsyncGenerator<string> {
    for (const name of names)
      for (const record of dumpObject(name, await bytesOf(name, objects), options)) {
        isDamaged ||= record.kind === "damage" || record["checksum"] === "wrong";
        yield `${print(record)}\n`;
      }
  }
  await pipeline(Readable.from(printed()), process.stdout, { end: false });
  return isDamaged ? 1 : 0;
}

/** A file of that path, or else the object of that key. */
async function bytesOf(name: string, objects: ObjectStore): Promise<Buffer> {
  try {
    return await readFile(name);
  } catch {
    return Buffer.from(
      await objects.get(name).catch((error: unknown) => {
        if (RatatoskError.from(error).code !== "not_found") throw error;
        throw new RatatoskError("not_found", `${name} is neither a file nor an object of the store`);
      }),
    );
  }
}
