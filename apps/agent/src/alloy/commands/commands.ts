import { AlloyError } from "@ratatosk/alloy-syntax";
import { convertCommand } from "./convert.ts";
import { FlagError } from "./flags.ts";
import { fmtCommand } from "./fmt.ts";
import { runCommand } from "./run.ts";
import { validateCommand } from "./validate.ts";

const commands = { run: runCommand, fmt: fmtCommand, validate: validateCommand, convert: convertCommand };

/** `ratatosk agent run|fmt|validate|convert …` with Alloy's command line; resolves with the exit code. */
export async function runAlloy(name: keyof typeof commands, args: readonly string[]): Promise<number> {
  try {
    return await commands[name](args);
  } catch (error) {
    const isExpected = error instanceof AlloyError || error instanceof FlagError || "code" in (error as Error);
    if (!isExpected) throw error;
    const message = error instanceof AlloyError ? error.message : `Error: ${(error as Error).message}`;
    process.stderr.write(`${message}\n`);
    return 1;
  }
}
