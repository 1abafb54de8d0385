import { type Extracted, textOf } from "../../entry.ts";
import type { StageConfig } from "../../stages/build-stages.ts";
import { compileExpression } from "../../stages/expression.ts";
import { goJson } from "../../stages/json-text.ts";
import { jsonStage, parseObject } from "../../stages/json.ts";
import { logfmtStage } from "../../stages/logfmt.ts";
import { regexStage } from "../../stages/regex.ts";
import { sourceText } from "../../stages/source-text.ts";
import { everyEntry } from "../../stages/stage.ts";
import { boolean, text } from "../decode.ts";
import { optional, required, schema } from "../schema.ts";
import { logfmtPairs } from "./logfmt-pairs.ts";
import { compilePattern } from "./pattern.ts";
import { given, mapping, type StageKind, stageKind } from "./stage-kind.ts";

/** Two stages, one behind the other. */
const both =
  (first: StageConfig["build"] | undefined, second: StageConfig["build"] | undefined): StageConfig["build"] =>
  (parts) => {
    if (first === undefined || second === undefined) return (first ?? second)!(parts);
    const [a, b] = [first(parts), second(parts)];
    return { process: (entry, emit) => a.process(entry, (one) => b.process(one, emit)) };
  };

/** Values whose names match a pattern become extracted. */
function matching(
  pattern: string,
  source: string,
  read: (text: string) => Iterable<readonly [string, Extracted]>,
): StageConfig["build"] {
  const regex = compileExpression(pattern);
  return () =>
    everyEntry((entry) => {
      const line = sourceText(entry, source || undefined);
      if (line === undefined) return;
      for (const [name, value] of read(line)) if (regex.test(name)) entry.extracted.set(name, value);
    });
}

const jsonFields = (line: string): [string, Extracted][] =>
  Object.entries(parseObject(line) ?? {}).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === "object" && value !== null ? goJson(value) : (value as Extracted),
  ]);

/** Makes labels of the groups where the expression has matched. */
function groupLabels(expression: string, source: string): StageConfig["build"] {
  const regex = compileExpression(expression);
  const groups = regex.groupNames.filter((name) => name !== "");
  return () =>
    everyEntry((entry) => {
      const line = sourceText(entry, source || undefined);
      if (line === undefined || !regex.test(line)) return;
      for (const name of groups) {
        const value = textOf(entry.extracted.get(name));
        if (value !== undefined && value !== "") entry.labels.set(name, value);
      }
    });
}

function patternStage(pattern: string, source: string, isLabels: boolean): StageConfig["build"] {
  const match = compilePattern(pattern);
  return () =>
    everyEntry((entry) => {
      const line = sourceText(entry, source || undefined);
      for (const [name, value] of (line === undefined ? undefined : match(line)) ?? []) {
        entry.extracted.set(name, value);
        if (isLabels && value !== "") entry.labels.set(name, value);
      }
    });
}

/** Stages that take lines apart. */
export const parsingStages: Readonly<Record<string, StageKind<never>>> = {
  "stage.json": stageKind(
    schema({
      attributes: {
        expressions: optional(mapping, new Map<string, string>()),
        regex: optional(text, ""),
        source: optional(text, ""),
        drop_malformed: optional(boolean, false),
      },
      check: ({ expressions, regex }) => {
        if (expressions.size === 0 && regex === "") throw new Error("stage.json needs expressions or regex");
      },
    }),
    ({ expressions, regex, source, drop_malformed: dropMalformed }) =>
      both(
        expressions.size > 0 ? jsonStage({ expressions, dropMalformed, ...given({ source }) }) : undefined,
        regex === "" ? undefined : matching(regex, source, jsonFields),
      ),
  ),
  "stage.logfmt": stageKind(
    schema({
      attributes: {
        mapping: optional(mapping, new Map<string, string>()),
        regex: optional(text, ""),
        source: optional(text, ""),
      },
      check: ({ mapping: pairs, regex }) => {
        if (pairs.size === 0 && regex === "") throw new Error("stage.logfmt needs mapping or regex");
      },
    }),
    ({ mapping: pairs, regex, source }) =>
      both(
        pairs.size > 0 ? logfmtStage({ mapping: pairs, ...given({ source }) }) : undefined,
        regex === "" ? undefined : matching(regex, source, logfmtPairs),
      ),
  ),
  "stage.regex": stageKind(
    schema({
      attributes: {
        expression: required(text),
        source: optional(text, ""),
        labels_from_groups: optional(boolean, false),
      },
    }),
    ({ expression, source, labels_from_groups: isLabels }) =>
      both(regexStage({ expression, ...given({ source }) }), isLabels ? groupLabels(expression, source) : undefined),
  ),
  "stage.pattern": stageKind(
    schema({
      attributes: { pattern: required(text), source: optional(text, ""), labels_from_groups: optional(boolean, false) },
    }),
    (args) => patternStage(args.pattern, args.source, args.labels_from_groups),
  ),
};
