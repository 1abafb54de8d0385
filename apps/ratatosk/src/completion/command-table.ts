import type { Command } from "commander";

/** A command as a shell completes it. */
export interface CommandRow {
  /** The words that name it, `storage ls`; "" for the program. */
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly OptionRow[];
  /** What may stand for its argument. */
  readonly choices: readonly string[];
}

export interface Word {
  readonly name: string;
  readonly description: string;
}

export interface OptionRow extends Word {
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** All commands of a program, each after the one that holds it. */
export function commandTable(command: Command, path: readonly string[] = []): CommandRow[] {
  const row: CommandRow = {
    path: path.join(" "),
    commands: command.commands.map((inner) => ({ name: inner.name(), description: inner.description() })),
    options: command.options.map((option) => ({
      name: option.long ?? option.short!,
      description: option.description,
      takesValue: option.required || option.optional,
      choices: option.argChoices ?? [],
    })),
    choices: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  };
  return [row, ...command.commands.flatMap((inner) => commandTable(inner, [...path, inner.name()]))];
}
