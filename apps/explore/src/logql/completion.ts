/** What may stand at a place of a query. `from` is where the word being written begins. */
export type Completing = { readonly from: number } & (
  | { readonly kind: "label-name" }
  | { readonly kind: "label-value"; readonly name: string; readonly selector: string }
  | { readonly kind: "field-value"; readonly name: string }
  | { readonly kind: "stage" }
  | { readonly kind: "grouping" }
  | { readonly kind: "range" }
  | { readonly kind: "function" }
  | { readonly kind: "nothing" }
);

/** Reads the text before the cursor as far as needed to know what comes next. */
export function completingAt(text: string, cursor: number): Completing {
  const before = text.slice(0, cursor);
  const state = scan(before);
  if (state.stringFrom !== undefined) return inString(before, state, state.stringFrom);
  const word = /[A-Za-z_][\w.]*$/.exec(before)?.[0] ?? "";
  const from = cursor - word.length;
  const rest = before.slice(0, from).trimEnd();
  if (state.brace !== undefined) return /[{,]$/.test(rest) ? { kind: "label-name", from } : { kind: "nothing", from };
  if (state.bracket) return { kind: "range", from: before.lastIndexOf("[") + 1 };
  if (/\b(by|without|on|ignoring|group_left|group_right)\s*\([^()]*$/.test(rest)) return { kind: "grouping", from };
  if (rest.endsWith("|") || /\|\s*unwrap$/.test(rest) || (/(^|\s)(and|or|,)$/.test(rest) && rest.includes("|")))
    return { kind: "stage", from };
  if (rest === "" || /[(+\-*/^%]$/.test(rest)) return { kind: "function", from };
  return { kind: "nothing", from };
}

interface Scan {
  brace: number | undefined;
  bracket: boolean;
  stringFrom: number | undefined;
}

/** Which braces, brackets and strings are open at the end of a text. */
function scan(text: string): Scan {
  const state: Scan = { brace: undefined, bracket: false, stringFrom: undefined };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"' || char === "`") {
      const end = stringEnd(text, at);
      if (end === undefined) return { ...state, stringFrom: at };
      at = end;
    } else if (char === "{") state.brace = at;
    else if (char === "}") state.brace = undefined;
    else if (char === "[") state.bracket = true;
    else if (char === "]") state.bracket = false;
  }
  return state;
}

/** The place of the quote that ends the string begun at `from`; undefined where it is open. */
function stringEnd(text: string, from: number): number | undefined {
  const quote = text[from]!;
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\" && quote === '"') at++;
    else if (text[at] === quote) return at;
  }
  return undefined;
}

function inString(before: string, { brace }: Scan, stringFrom: number): Completing {
  const from = stringFrom + 1;
  const name = /([A-Za-z_][\w.]*)\s*(?:=~|!~|!=|=)\s*$/.exec(before.slice(0, stringFrom))?.[1];
  if (name === undefined) return { kind: "nothing", from };
  if (brace === undefined) return { kind: "field-value", from, name };
  const matchers = before
    .slice(brace + 1, stringFrom)
    .replace(/,?\s*[A-Za-z_][\w.]*\s*(?:=~|!~|!=|=)\s*$/, "")
    .trim();
  return { kind: "label-value", from, name, selector: matchers === "" ? "" : `{${matchers}}` };
}
