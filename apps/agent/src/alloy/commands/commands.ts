import { AlloyError } from "@ratatosk/alloy-syntax";
import { beginAnewOnceCompiled } from "../../compile-once.ts";
import { FlagError } from "./flags.ts";

type Command = (args: readonly string[]) => Promise<number>;

/** Each is loaded when it is asked for. */
const commands = {
  run: async (): Promise<Command> => {
    const { runCommand } = await import("./run.ts");
    beginAnewOnceCompiled();
    return runCommand;
  },
  fmt: async (): Promise<Command> => (await import("./fmt.ts")).fmtCommand,
  validate: async (): Promise<Command> => (await import("./validate.ts")).validateCommand,
  convert: async (): Promise<Command> => (await import("./convert.ts")).convertCommand,
};

/** `ratatosk agent run|fmt|validate|convert …` with Alloy's command line; resolves with the exit code. */
export async function runAlloy(name: keyof typeof commands, args: readonly string[]): Promise<number> {
  try {
    const command = await commands[name]();
    return await command(args);
  } catch (error) {
    const isExpected = error instanceof AlloyError || error instanceof FlagError || "code" in (error as Error);
    if (!isExpected) throw error;
    const message = error instanceof AlloyError ? error.message : `Error: ${(error as Error).message}`;
    process.stderr.write(`${message}\n`);
    return 1;
  }
}
