import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Where a program is, or undefined; with RATATOSK_REQUIRE_REAL_PARTS=1 it must be there. */
export function realPart(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), join(homedir(), "go/bin"), "/lib/systemd"];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined && process.env["RATATOSK_REQUIRE_REAL_PARTS"] === "1")
    throw new Error(`${name} is not installed, and RATATOSK_REQUIRE_REAL_PARTS=1 forbids to do without`);
  return found;
}
