import type { DropLabels } from "@ratatosk/logql";
import { errorDetailsLabel, errorLabel } from "../row.ts";
import { valueTest } from "./label-matcher.ts";
import type { Stage } from "./stage.ts";

/** `| drop level, method="GET"`: removes labels, each only where its matcher holds. */
export function dropStage({ labels }: DropLabels): Stage {
  const drops = labels.map((choice) =>
    choice.kind === "name"
      ? { name: choice.name, matches: () => true }
      : { name: choice.matcher.name, matches: valueTest(choice.matcher, true) },
  );
  return (row) => {
    for (const { name, matches } of drops) {
      if (name === errorLabel) {
        if (matches(row.error)) row.error = "";
      } else if (name === errorDetailsLabel) {
        if (matches(row.errorDetails)) row.errorDetails = "";
      } else {
        const value = row.get(name);
        if (value !== undefined && matches(value)) row.delete(name);
      }
    }
    return true;
  };
}
