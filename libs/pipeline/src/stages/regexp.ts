import { compileRegex } from "@ratatosk/regex";
import { type Key, KeyTable } from "../key-table.ts";
import { ParsedLabels } from "./parsed-labels.ts";
import type { ParserHints, Stage } from "./stage.ts";

/** `| regexp "(?P<method>\\w+) …"`: the named groups of the first match become labels. */
export function regexpStage(pattern: string, hints: ParserHints): Stage {
  if (hints.skip) return () => true;
  const regex = compileRegex(pattern);
  const labels = new ParsedLabels(hints);
  const keys = new KeyTable(hints.wanted);
  const groups: readonly (Key | undefined)[] = regex.groupNames.map((name) =>
    name === "" ? undefined : keys.of(name),
  );
  return (row) => {
    const match = regex.exec(row.text());
    if (match === undefined) return true;
    for (let group = 1; group < groups.length; group++) {
      const key = groups[group];
      const name = key && labels.accept(row, key);
      if (name !== undefined && labels.store(row, name, match.groups[group] ?? "")) break;
    }
    return !row.dropped;
  };
}
