import type { Template } from "@ratatosk/template";
import { TemplateError } from "@ratatosk/template";
import type { Regex } from "@ratatosk/regex";
import type { Entry } from "../entry.ts";
import { everyEntry } from "./stage.ts";
import type { StageConfig } from "./build-stages.ts";
import { compileExpression } from "./expression.ts";
import { checkSource, sourceText } from "./source-text.ts";
import { compileTemplate, templateData } from "./template-text.ts";

export interface ReplaceOptions {
  readonly expression: string;
  readonly source?: string;
  readonly replace?: string;
}

/** `replace`: what each group of each match has caught is replaced by the template's result; text outside stays. */
export function replaceStage({ expression, source, replace = "" }: ReplaceOptions): StageConfig["build"] {
  if (expression === "") throw new Error("empty expression in replace stage");
  checkSource(source);
  const regex = compileExpression(expression);
  const template = parseOrNone(replace);
  return () =>
    everyEntry((entry) => {
      const text = sourceText(entry, source);
      if (text === undefined || template === undefined) return;
      const result = replaceGroups(entry, text, regex, template);
      if (result === undefined) return;
      if (source === undefined) entry.text = result;
      else entry.extracted.set(source, result);
    });
}

/** A template that does not parse is no error at start: the stage does nothing. */
function parseOrNone(text: string): Template | undefined {
  try {
    return compileTemplate(text);
  } catch {
    return undefined;
  }
}

/** The text with its groups replaced, undefined where nothing matches. Named values of the first match become extracted. */
function replaceGroups(entry: Entry, text: string, regex: Regex, template: Template): string | undefined {
  const named = new Map<string, string>();
  const names = regex.groupNames;
  const data = templateData(entry, undefined);
  let out = "";
  let copied = 0;
  let isMatched = false;
  for (let from = 0; from <= text.length;) {
    const spans = regex.spans(text, from);
    if (spans === undefined) break;
    isMatched = true;
    for (const [i, span] of spans.entries()) {
      if (i === 0 || span === undefined) continue;
      const [start, end] = span;
      const result = execute(template, data, text.slice(start, end));
      if (names[i] !== "" && !named.has(names[i]!)) named.set(names[i]!, result);
      if (start < copied) continue;
      out += text.slice(copied, start) + result;
      copied = end;
    }
    const [start, end] = spans[0]!;
    from = end > start ? end : end + 1;
  }
  if (!isMatched) return undefined;
  for (const [name, value] of named) entry.extracted.set(name, value);
  return out + text.slice(copied);
}

function execute(template: Template, data: ReturnType<typeof templateData>, value: string): string {
  try {
    return template.execute(new Map(data).set("Value", value));
  } catch (error) {
    if (error instanceof TemplateError) return value;
    throw error;
  }
}
