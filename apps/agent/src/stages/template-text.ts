import { type Functions, parseTemplate, promtailFunctions, type Template, type Value } from "@ratatosk/template";
import { textOf, type Entry } from "../entry.ts";

let functions: Functions | undefined;

/** Parses a stage's template. Throws with Go's text. */
export const compileTemplate = (text: string): Template =>
  parseTemplate(text, { name: "pipeline_template", functions: (functions ??= promtailFunctions()) });

/** Fields of a template: what was extracted, as text, and `Value` and `Entry`. */
export function templateData(entry: Entry, value: string | undefined): Map<string, Value> {
  const data = new Map<string, Value>();
  for (const [name, extracted] of entry.extracted) {
    const text = textOf(extracted);
    if (text !== undefined) data.set(name, text);
  }
  if (value !== undefined) data.set("Value", value);
  data.set("Entry", entry.text);
  return data;
}
