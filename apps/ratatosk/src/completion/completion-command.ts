import { Argument, type Command } from "commander";
import { bashScript } from "./bash.ts";
import { commandTable, type CommandRow } from "./command-table.ts";
import { fishScript } from "./fish.ts";
import { zshScript } from "./zsh.ts";

const scripts: Readonly<Record<string, (table: readonly CommandRow[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** `ratatosk completion bash | zsh | fish`: the script that lets a shell complete this program's words. */
export function addCompletionCommand(program: Command): void {
  program
    .command("completion")
    .description("print a script that completes commands and options in a shell")
    .addArgument(new Argument("<shell>").choices(Object.keys(scripts)))
    .action((shell: string) => void process.stdout.write(scripts[shell]!(commandTable(program))));
}
