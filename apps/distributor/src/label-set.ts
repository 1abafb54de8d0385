import { type Label, RatatoskError } from "@ratatosk/model";

/** Space, then one token: name, operator or punctuation, or a quoted text. */
const token = /\s*(?:([a-zA-Z_][a-zA-Z0-9_]*)|(=~|!~|!=|[{}=,])|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)|$)/y;
const escape = /\\(?:([abfnrtv\\'"])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|)/g;
const short: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

interface Token {
  readonly kind: "name" | "operator" | "text";
  readonly text: string;
  /** 1 for the first character. */
  readonly column: number;
}

/**
 * The labels of a label set as clients write it, `{app="cart", env='qa',}`: in their order, names given twice and empty
 * values included. Throws bad_request with Prometheus' text, `1:3: parse error: unexpected character …`.
 */
export function parseLabelSet(text: string): Label[] {
  const tokens = new Tokens(text);
  tokens.open();
  const labels: Label[] = [];
  for (;;) {
    const name = tokens.next();
    if (name.text === "}" && name.kind === "operator") break;
    if (name.kind !== "name") throw unexpected(name, ' in label set, expected identifier or "}"');
    const equals = tokens.next();
    if (equals.text !== "=" || equals.kind !== "operator") throw unexpected(equals, ' in label set, expected "="');
    const value = tokens.next();
    if (value.kind !== "text") throw unexpected(value, " in label set, expected string");
    labels.push([name.text, unquote(value)]);
    const comma = tokens.next();
    if (comma.kind === "operator" && comma.text === "}") break;
    if (comma.kind !== "operator" || comma.text !== ",") throw unexpected(comma, ' in label set, expected "," or "}"');
  }
  tokens.close();
  return labels;
}

class Tokens {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  open(): void {
    const first = this.next();
    if (first.kind === "name") throw unexpected(this.next(), "");
    if (first.text !== "{" || first.kind !== "operator") throw unexpected(first, "");
  }

  close(): void {
    const at = this.#text.slice(this.#at).search(/\S/);
    if (at >= 0) throw failed(this.#at + at + 1, `unexpected character: '${charAt(this.#text, this.#at + at)}'`);
  }

  next(): Token {
    token.lastIndex = this.#at;
    const match = token.exec(this.#text);
    if (match === null) {
      const at = this.#at + this.#text.slice(this.#at).search(/\S/);
      throw failed(at + 1, `unexpected character inside braces: '${charAt(this.#text, at)}'`);
    }
    const [whole, name, operator, quoted] = match;
    this.#at = token.lastIndex;
    const text = name ?? operator ?? quoted ?? "";
    const column = this.#at - text.length + 1;
    if (whole.trim() === "") throw failed(column, "unexpected end of input inside braces");
    return { kind: name !== undefined ? "name" : operator !== undefined ? "operator" : "text", text, column };
  }
}

const charAt = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at)!);

function unquote({ text, column }: Token): string {
  const inner = text.slice(1, -1);
  if (text.startsWith("`") || !inner.includes("\\")) return inner;
  return inner.replaceAll(escape, (whole, letter?: string, ...codes: (string | undefined)[]) => {
    if (letter !== undefined) return short[letter] ?? letter;
    const [hex2, hex4, hex8, octal] = codes;
    const digits = hex2 ?? hex4 ?? hex8;
    const code = digits === undefined ? Number.parseInt(octal ?? "x", 8) : Number.parseInt(digits, 16);
    if (!(code <= 0x10ffff)) throw failed(column, `unknown escape sequence ${JSON.stringify(whole)} in string`);
    return String.fromCodePoint(code);
  });
}

function unexpected({ kind, text, column }: Token, where: string): RatatoskError {
  const what =
    kind === "name"
      ? `identifier ${JSON.stringify(text)}`
      : kind === "text"
        ? `string ${text}`
        : text === "=~" || text === "!~" || text === "!="
          ? `<op:${text}>`
          : JSON.stringify(text);
  return failed(column, `unexpected ${what}${where}`);
}

function failed(column: number, message: string): RatatoskError {
  return new RatatoskError("bad_request", `1:${column}: parse error: ${message}`);
}
