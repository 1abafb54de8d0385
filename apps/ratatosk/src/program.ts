import { Command, CommanderError } from "commander";
import { addAuthCommands } from "./auth-commands.ts";
import { buildInfo } from "./build-info.ts";
import { addClientCommands } from "./client/commands.ts";
import { addCompletionCommand } from "./completion/completion-command.ts";
import { addServerCommands } from "./server-commands.ts";

/** The program with all its commands; `outcome` gets the exit code of the one that runs. */
export function createProgram(outcome: { code: number }): Command {
  const program = new Command("ratatosk")
    .description("Takes in logs, keeps them, answers LogQL about them; speaks Loki's HTTP API.")
    .version(`ratatosk ${buildInfo.version} (revision ${buildInfo.revision}), Node ${process.version}`, "--version")
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError("(ratatosk --help lists what there is)");
  addServerCommands(program, outcome);
  addClientCommands(program, outcome);
  addAuthCommands(program);
  addCompletionCommand(program);
  return program;
}

/** Runs the command that the arguments name. Throws what it throws. */
export async function runProgram(args: readonly string[]): Promise<number> {
  const outcome = { code: 0 };
  const program = createProgram(outcome);
  try {
    await program.parseAsync(args.map(withTwoDashes), { from: "user" });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

/** Flags as Go programs spell them: `-config.file=x` is `--config.file=x`, `-server.http-listen-port` is the setting with `_`. */
function withTwoDashes(arg: string): string {
  const [, name, rest = ""] = /^--?([A-Za-z][\w.-]+)(=.*)?$/s.exec(arg) ?? [];
  if (name === undefined) return arg;
  const isSetting = name.includes(".") && !name.startsWith("config.");
  return `--${isSetting ? name.replaceAll("-", "_") : name}${rest}`;
}
