import { RegexError } from "@ratatosk/regex";

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * The labels that `| regexp` extracts, given the names of the groups by number ("" for unnamed ones). Throws RegexError
 * where there is none, a name comes twice or is no label name.
 */
export function captureNames(groupNames: readonly string[]): string[] {
  const names = groupNames.filter((name) => name !== "");
  const seen = new Set<string>();
  for (const name of names) {
    if (!labelName.test(name)) throw new RegexError(`invalid extracted label name '${name}'`);
    if (seen.has(name)) throw new RegexError(`duplicate extracted label name '${name}'`);
    seen.add(name);
  }
  if (names.length === 0) throw new RegexError("at least one named capture must be supplied");
  return names;
}
