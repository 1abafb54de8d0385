import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";

/** Mounts a file system of that size; undefined where this process may not. */
export function smallDisk(folder: string, sizeMiB: number): string | undefined {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeMiB}m`, "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch (cause) {
    if (process.env["RATATOSK_REQUIRE_REAL_PARTS"] === "1") throw new Error("cannot mount a tmpfs", { cause });
    return undefined;
  }
}
