import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseRuleFile } from "./parse-group.ts";
import type { StoredGroup } from "./rule-store.ts";

/** Reads `<directory>/<tenant>/<namespace>.yaml`. Throws bad_request naming the file that cannot be read. */
export async function readRuleFiles(directory: string): Promise<StoredGroup[]> {
  const files = await readdir(directory, { withFileTypes: true, recursive: true });
  const groups = files
    .filter((file) => file.isFile() && /\.ya?ml$/.test(file.name) && file.parentPath !== directory)
    .map(async ({ name, parentPath }) => {
      const tenant = parentPath.slice(directory.length).split("/").find(Boolean)!;
      const path = join(parentPath, name);
      try {
        return parseRuleFile(await readFile(path, "utf8")).map((group) => ({
          id: { tenant, namespace: name.replace(/\.ya?ml$/, ""), group: group.name },
          group,
        }));
      } catch (error) {
        throw new Error(`rule file ${path}: ${(error as Error).message}`, { cause: error });
      }
    });
  return (await Promise.all(groups)).flat();
}
