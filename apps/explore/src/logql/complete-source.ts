import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { Api } from "../api/api.ts";
import type { Range } from "../time/range.ts";
import { type Completing, completingAt } from "./completion.ts";
import { selectorOf } from "./derived.ts";
import { functions, ranges, stages, type Word } from "./words.ts";

export interface CompletionModules {
  readonly api: () => Api;
  readonly range: () => Range | undefined;
}

/** Completion from the language and from what the server knows of labels, values and fields. */
export function completeSource({ api, range }: CompletionModules) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const text = context.state.doc.toString();
    const completing = completingAt(text, context.pos);
    const word = text.slice(completing.from, context.pos);
    const isUnasked = word === "" && !context.explicit && completing.kind === "function" && text !== "";
    if (completing.kind === "nothing" || isUnasked) return null;
    const within = range();
    const options = await optionsOf(completing, text, api(), within).catch(() => []);
    return options.length === 0 ? null : { from: completing.from, options, validFor: /^[\w.\-/]*$/ };
  };
}

async function optionsOf(at: Completing, text: string, api: Api, range: Range | undefined): Promise<Completion[]> {
  switch (at.kind) {
    case "function":
      return functions.map((word) => option(word, "function"));
    case "stage":
      return [...stages.map((word) => option(word, "keyword")), ...(await fieldNames(text, api, range))];
    case "range":
      return ranges.map((label) => ({ label, type: "constant" }));
    case "label-name":
      return range === undefined
        ? []
        : (await api.labels(range)).map((label) => ({ label, type: "property", apply: `${label}=` }));
    case "label-value":
      return range === undefined
        ? []
        : (await api.labelValues(at.name, range, at.selector)).map((value) => ({ label: value, type: "text" }));
    case "field-value": {
      const query = text
        .slice(0, at.from)
        .replace(/\|[^|]*$/, "")
        .trim();
      const values = range === undefined ? [] : await api.fieldValues(at.name, query, range);
      return values.map((value) => ({ label: value, type: "text" }));
    }
    case "grouping":
      return [
        ...(range === undefined ? [] : (await api.labels(range)).map((label) => ({ label, type: "property" }))),
        ...(await fieldNames(text, api, range)),
      ];
    case "nothing":
      return [];
  }
}

async function fieldNames(text: string, api: Api, range: Range | undefined): Promise<Completion[]> {
  const selector = selectorOf(text);
  if (selector === undefined || range === undefined) return [];
  const fields = await api.fields(selector, range).catch(() => []);
  return fields.map(({ label, type }) => ({ label, type: "variable", detail: type }));
}

/** `#` in what is written is where the cursor goes. */
function option({ label, info, apply }: Word, type: string): Completion {
  if (apply === undefined) return { label, detail: info, type };
  return {
    label,
    detail: info,
    type,
    apply: (view, _completion, from, to) => {
      const at = apply.indexOf("#");
      const insert = apply.replace("#", "");
      view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + (at === -1 ? insert.length : at) } });
    },
  };
}
