/** A command line that cannot be read. */
export class FlagError extends Error {
  override readonly name = "FlagError";
}

/** What a flag takes: a text, nothing, or nothing and no effect. */
export type FlagKind = "text" | "switch";

export interface ParsedFlags {
  readonly texts: ReadonlyMap<string, string>;
  readonly switches: ReadonlySet<string>;
  readonly rest: readonly string[];
}

/**
 * Reads `--name=value`, `--name value`, `--switch`, `--switch=false` and short forms (`-o`). `known` says what each flag takes;
 * a name that begins with one of `ignored` is skipped with its value.
 */
export function parseFlags(
  args: readonly string[],
  known: Readonly<Record<string, FlagKind>>,
  short: Readonly<Record<string, string>> = {},
  ignored: readonly string[] = [],
): ParsedFlags {
  const texts = new Map<string, string>();
  const switches = new Set<string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const [, given, value] = /^--?([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (arg === "-" || given === undefined) {
      rest.push(arg);
      continue;
    }
    const name = arg.startsWith("--") ? given : (short[given] ?? given);
    if (ignored.some((prefix) => name.startsWith(prefix))) continue;
    const kind = known[name];
    if (kind === undefined) throw new FlagError(`unknown flag: ${arg}`);
    if (kind === "text") {
      const text = value ?? args[++at];
      if (text === undefined) throw new FlagError(`flag needs an argument: ${arg}`);
      texts.set(name, text);
    } else if (value === undefined || value === "true") switches.add(name);
    else switches.delete(name);
  }
  return { texts, switches, rest };
}

/** The only argument that is no flag. Throws. */
export function onlyArgument({ rest }: ParsedFlags, what: string): string {
  const [only, ...others] = rest;
  if (only === undefined || others.length > 0) throw new FlagError(`expected exactly one argument: ${what}`);
  return only;
}
