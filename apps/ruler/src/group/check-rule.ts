import { parse } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import { parseAlertTemplate } from "@ratatosk/template";
import type { RawRule } from "./raw-group.ts";

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** Checks a rule as Loki does; throws bad_request with its text. */
export function checkRule(rule: RawRule, group: string): void {
  const faults = [
    ...namesOf(rule),
    ...expressionOf(rule, group),
    ...recordingOf(rule),
    ...labelsOf(rule),
    ...templatesOf(rule),
  ];
  if (faults.length > 0) throw new RatatoskError("bad_request", faults.join(", "));
}

function* namesOf({ alert, record }: RawRule): Generator<string> {
  if (alert && record) yield "only one of 'record' and 'alert' must be set";
  if (!alert && !record) yield "one of 'record' or 'alert' must be set";
}

function* expressionOf({ alert, record, expr }: RawRule, group: string): Generator<string> {
  if (!expr) {
    yield "field 'expr' must be set in rule";
    return;
  }
  try {
    parse(expr);
  } catch (error) {
    const what = record ? `record '${record}'` : `alert '${alert ?? ""}'`;
    yield `could not parse expression for ${what} in group '${group}': ${(error as Error).message}`;
  }
}

function* recordingOf({ record, for: hold, annotations }: RawRule): Generator<string> {
  if (!record) return;
  if (annotations && Object.keys(annotations).length > 0) yield "invalid field 'annotations' in recording rule";
  if (hold) yield "invalid field 'for' in recording rule";
  if (!metricName.test(record)) yield `invalid recording rule name: ${record}`;
}

function* labelsOf({ labels, annotations }: RawRule): Generator<string> {
  for (const name of Object.keys(labels ?? {}))
    if (!labelName.test(name) || name === "__name__") yield `invalid label name: ${name}`;
  for (const name of Object.keys(annotations ?? {}))
    if (!labelName.test(name)) yield `invalid annotation name: ${name}`;
}

function* templatesOf({ alert, labels, annotations }: RawRule): Generator<string> {
  if (!alert) return;
  for (const [what, texts] of [
    ["label", labels],
    ["annotation", annotations],
  ] as const)
    for (const [name, text] of Object.entries(texts ?? {})) {
      try {
        parseAlertTemplate(text, alert);
      } catch (error) {
        yield `${what} "${name}": ${(error as Error).message}`;
      }
    }
}
