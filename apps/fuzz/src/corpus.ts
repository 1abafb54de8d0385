import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const directory = fileURLToPath(new URL("../corpus", import.meta.url));

/** The samples of a target: each file below `corpus/NAME` is one; of a file that ends in `.lines`, each line is one. */
export function corpusOf(name: string): Uint8Array[] {
  const folder = join(directory, name);
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const bytes = readFileSync(join(folder, file));
      return file.endsWith(".lines") ? linesOf(bytes) : [bytes];
    });
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines = bytes.toString().split("\n");
  return lines.filter((line) => line !== "").map((line) => Buffer.from(line));
}
