import { everyEntry } from "./stage.ts";
import type { StageConfig } from "./build-stages.ts";
import { compileExpression } from "./expression.ts";
import { checkSource, sourceText } from "./source-text.ts";

export interface RegexOptions {
  readonly expression: string;
  readonly source?: string;
}

/** `regex`: named groups of the first match become extracted, those that took no part as the empty text. */
export function regexStage({ expression, source }: RegexOptions): StageConfig["build"] {
  if (expression === "") throw new Error("regex expression is required");
  checkSource(source);
  const regex = compileExpression(expression);
  const names = regex.groupNames;
  return () =>
    everyEntry((entry) => {
      const text = sourceText(entry, source);
      const match = text === undefined ? undefined : regex.exec(text);
      if (match === undefined) return;
      for (let i = 1; i < names.length; i++) if (names[i] !== "") entry.extracted.set(names[i]!, match.groups[i] ?? "");
    });
}
