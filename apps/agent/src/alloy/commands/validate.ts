import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@ratatosk/observability";
import { AlloyAgent } from "../alloy-agent.ts";
import { configReader, formatFlags } from "./config-reader.ts";
import { onlyArgument, parseFlags } from "./flags.ts";

/** `validate PATH`: whether a configuration can be read and evaluated. */
export async function validateCommand(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, { "stability.level": "text", ...formatFlags }, {}, ["feature."]);
  const path = onlyArgument(flags, "the configuration");
  const storagePath = mkdtempSync(join(tmpdir(), "ratatosk-"));
  try {
    const isExperimental = flags.texts.get("stability.level") === "experimental";
    new AlloyAgent({
      log: createLogger("silent"),
      storagePath,
      isExperimental,
      path,
      read: await configReader(path, flags),
    }).load();
    return 0;
  } finally {
    rmSync(storagePath, { recursive: true });
  }
}
