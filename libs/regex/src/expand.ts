const reference = /\$(?:(\$)|(\w+)|\{(\w+)\})?/g;

/** Expands `$1`, `${1}`, `$name`, `${name}` and `$$` as Go does: the longest name counts, unknown groups are empty. */
export function expand(
  template: string,
  groups: readonly (string | undefined)[],
  groupNames: readonly string[],
): string {
  if (!template.includes("$")) return template;
  return template.replace(reference, (all: string, dollar?: string, bare?: string, braced?: string) => {
    if (dollar !== undefined) return "$";
    const name = bare ?? braced;
    if (name === undefined) return all;
    const index = /^\d+$/.test(name) ? Number(name) : groupNames.lastIndexOf(name);
    return groups[index] ?? "";
  });
}
