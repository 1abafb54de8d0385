import { type Label, quote, RatatoskError } from "@ratatosk/model";
import { scanQuoted, scanRaw } from "./string-literal.ts";

const canonical = /([a-zA-Z_][a-zA-Z0-9_]*)="([^"\\\n]*)"(?:, (?!\})|(?=\}$))/y;
const blank = /[ \t\r\n]*/y;
const word = /[a-zA-Z_][a-zA-Z0-9_]*/y;

/**
 * Reads the labels of a push in text form, in the order given: any spaces, values in any of the three quotes, a comma
 * at the end. Only `=` is a relation. A name given twice comes twice; "" is `{}`. Throws bad_request with the reason
 * (`1:3: parse error: unexpected end of input inside braces`).
 */
export function parseLabelText(text: string): Label[] {
  return fastPath(text) ?? new LabelReader(text).labels();
}

/** The canonical form without escapes: what almost every client sends. */
function fastPath(text: string): Label[] | undefined {
  if (text === "" || text === "{}") return [];
  if (!text.startsWith("{") || !text.endsWith("}")) return undefined;
  const labels: Label[] = [];
  for (let at = 1; at < text.length - 1; at = canonical.lastIndex) {
    canonical.lastIndex = at;
    const pair = canonical.exec(text);
    if (pair === null) return undefined;
    labels.push([pair[1]!, pair[2]!]);
  }
  return labels;
}

interface Item {
  readonly kind: "identifier" | "string" | "end" | "{" | "}" | "," | "=" | "operator";
  /** As errors show it. */
  readonly shown: string;
  readonly value: string;
  readonly at: number;
}

class LabelReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  labels(): Label[] {
    const opening = this.#next(false);
    if (opening.kind !== "{") throw this.#withoutBraces(opening);
    const labels = this.#pairs();
    const after = this.#next(false);
    if (after.kind !== "end") throw this.#unexpected(after, "");
    return labels;
  }

  /** A word in front reads as a metric's name, which no stream has. */
  #withoutBraces(opening: Item): Error {
    if (opening.kind !== "identifier") return this.#unexpected(opening, "");
    const after = this.#next(false);
    return this.#unexpected(after.kind === "{" ? opening : after, "");
  }

  #pairs(): Label[] {
    const labels: Label[] = [];
    for (;;) {
      const name = this.#next(true);
      if (name.kind === "}") return labels;
      if (name.kind !== "identifier") throw this.#unexpected(name, 'identifier or "}"');
      this.#expect("=", '"="');
      labels.push([name.value, this.#expect("string", "string").value]);
      const after = this.#next(true);
      if (after.kind === "}") return labels;
      if (after.kind !== ",") throw this.#unexpected(after, '"," or "}"');
    }
  }

  #expect(kind: Item["kind"], expected: string): Item {
    const item = this.#next(true);
    if (item.kind !== kind) throw this.#unexpected(item, expected);
    return item;
  }

  #next(inBraces: boolean): Item {
    this.#at += matchAt(blank, this.#text, this.#at).length;
    const at = this.#at;
    const char = this.#text[at];
    if (char === undefined) {
      if (inBraces) throw this.#error(at, "unexpected end of input inside braces");
      return { kind: "end", shown: "end of input", value: "", at };
    }
    if (char === '"' || char === "'" || char === "`") return this.#string(char);
    const name = matchAt(word, this.#text, at);
    if (name !== "") return this.#item("identifier", name, `identifier ${quote(name)}`);
    const operator = matchAt(/=~|!~|!=/y, this.#text, at);
    if (operator !== "") return this.#item("operator", operator, `<op:${operator}>`);
    if (char === "{" || char === "}" || char === "," || char === "=") return this.#item(char, char, quote(char));
    const shown = String.fromCodePoint(this.#text.codePointAt(at)!);
    throw this.#error(at, `unexpected character${inBraces ? " inside braces" : ""}: '${shown}'`);
  }

  #item(kind: Item["kind"], value: string, shown: string): Item {
    const at = this.#at;
    this.#at += value.length;
    return { kind, shown, value, at };
  }

  #string(mark: string): Item {
    const at = this.#at;
    const { end, value, error } = (mark === "`" ? scanRaw : scanQuoted)(this.#text, at);
    if (error === "literal not terminated")
      throw this.#error(at, mark === "`" ? "unterminated raw string" : "unterminated quoted string");
    if (error !== undefined) throw this.#error(at, error);
    this.#at = end;
    return { kind: "string", shown: `string ${quote(this.#text.slice(at, end))}`, value, at };
  }

  #unexpected({ shown, at }: Item, expected: string): Error {
    return this.#error(at, `unexpected ${shown}${expected && ` in label set, expected ${expected}`}`);
  }

  #error(at: number, reason: string): Error {
    const before = this.#text.slice(0, at);
    const line = before.split("\n").length;
    const column = Buffer.byteLength(before.slice(before.lastIndexOf("\n") + 1)) + 1;
    return new RatatoskError("bad_request", `${line}:${column}: parse error: ${reason}`);
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
