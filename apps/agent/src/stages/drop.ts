import { textOf, type Entry } from "../entry.ts";
import { millisOf } from "../time/instant.ts";
import type { StageConfig } from "./build-stages.ts";
import { compileExpression } from "./expression.ts";

export interface DropOptions {
  readonly source?: readonly string[];
  readonly separator?: string;
  readonly value?: string;
  readonly expression?: string;
  readonly olderThanMs?: number;
  readonly longerThanBytes?: number;
  readonly dropCounterReason?: string;
}

type Test = (entry: Entry) => boolean;

/** `drop`: drops entries for which all conditions hold. */
export function dropStage(options: DropOptions): StageConfig["build"] {
  const { source, value, expression, olderThanMs, longerThanBytes, dropCounterReason = "drop_stage" } = options;
  if (value !== undefined && source === undefined) throw new Error("drop stage source required when using 'value'");
  if (value !== undefined && expression !== undefined)
    throw new Error("only one of expression or value can be defined in drop stage");
  const tests: ((now: () => number) => Test)[] = [];
  if (longerThanBytes !== undefined)
    tests.push(
      () =>
        ({ bytes }) =>
          bytes.length > longerThanBytes,
    );
  if (olderThanMs !== undefined)
    tests.push(
      (now) =>
        ({ time }) =>
          millisOf(time) < now() - olderThanMs,
    );
  if (source !== undefined) tests.push(() => sourceTest(options));
  else if (expression !== undefined) {
    const regex = compileExpression(expression);
    tests.push(
      () =>
        ({ text }) =>
          regex.test(text),
    );
  }
  if (tests.length === 0)
    throw new Error("drop stage must contain at least one of `source`, `expression`, `older_than` or `longer_than`");
  return ({ now, events }) => {
    const all = tests.map((test) => test(now));
    return {
      process(entry, emit) {
        if (all.every((test) => test(entry))) events.dropped(dropCounterReason);
        else emit(entry);
      },
    };
  };
}

/** Sources exist; with a value or an expression what they hold, joined, is tested and missing ones are left out. */
function sourceTest({ source = [], separator = ";", value, expression }: DropOptions): Test {
  if (value === undefined && expression === undefined)
    return ({ extracted }) => source.every((name) => extracted.has(name));
  const regex = expression === undefined ? undefined : compileExpression(expression);
  return ({ extracted }) => {
    const texts: string[] = [];
    for (const name of source) {
      if (!extracted.has(name)) continue;
      const text = textOf(extracted.get(name));
      if (text === undefined) return false;
      texts.push(text);
    }
    const joined = texts.join(separator);
    return regex ? regex.test(joined) : joined === value;
  };
}
