import type { CommandRow } from "./command-table.ts";

/** A script for fish: `ratatosk completion fish | source`. */
export function fishScript(table: readonly CommandRow[]): string {
  return `complete -c ratatosk -f\n${table.flatMap(linesOf).join("\n")}\n`;
}

function linesOf({ path, commands, options, choices }: CommandRow): string[] {
  const words = path === "" ? [] : path.split(" ");
  const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`);
  const open =
    commands.length === 0
      ? seen
      : [...seen, `not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(" ")}`];
  const when = (conditions: readonly string[]): string =>
    conditions.length === 0 ? "" : ` -n '${conditions.join("; and ")}'`;
  return [
    ...commands.map(
      ({ name, description }) => `complete -c ratatosk${when(open)} -a ${name} -d ${quoted(description)}`,
    ),
    ...(choices.length > 0 ? [`complete -c ratatosk${when(seen)} -a ${quoted(choices.join(" "))}`] : []),
    ...options.map((option) => {
      const value =
        option.choices.length > 0 ? ` -xa ${quoted(option.choices.join(" "))}` : option.takesValue ? " -rF" : "";
      return `complete -c ratatosk${when(seen)} -l ${option.name.replace(/^--/, "")}${value} -d ${quoted(option.description)}`;
    }),
  ];
}

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
