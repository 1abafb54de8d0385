import type { KeepLabels } from "@ratatosk/logql";
import { category } from "../row.ts";
import { valueTest } from "./label-matcher.ts";
import type { Stage } from "./stage.ts";

/** `| keep level, method="GET"`: removes every label that is not named, or whose matcher does not hold. Errors stay. */
export function keepStage({ labels }: KeepLabels): Stage {
  const tests = new Map<string, ((value: string) => boolean)[]>();
  for (const choice of labels) {
    const name = choice.kind === "name" ? choice.name : choice.matcher.name;
    const test = choice.kind === "name" ? () => true : valueTest(choice.matcher, true);
    tests.set(name, [...(tests.get(name) ?? []), test]);
  }
  return (row) => {
    for (let slot = 0; slot < row.count; slot++) {
      if (row.categories[slot] === category.none) continue;
      const value = row.values[slot]!;
      if (!(tests.get(row.names[slot]!)?.some((test) => test(value)) ?? false)) row.deleteSlot(slot);
    }
    return true;
  };
}
