import { readFileSync, writeFileSync } from "node:fs";
import { formatAlloy } from "@ratatosk/alloy-syntax";
import { onlyArgument, parseFlags } from "./flags.ts";

/** `fmt [-w] [-t] FILE`: the canonical form, printed, written or only compared. */
export async function fmtCommand(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, { write: "switch", test: "switch" }, { w: "write", t: "test" });
  const path = onlyArgument(flags, "the file to format, or -");
  const text = readFileSync(path === "-" ? 0 : path, "utf8");
  const formatted = formatAlloy(text, path === "-" ? "<stdin>" : path);
  if (flags.switches.has("test")) return formatted === text ? 0 : 1;
  if (flags.switches.has("write") && path !== "-") writeFileSync(path, formatted);
  else process.stdout.write(formatted);
  return 0;
}
