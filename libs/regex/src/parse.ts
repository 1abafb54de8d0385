import { perlClass, posixClass, unicodeProperty } from "./class-names.ts";
import { syntaxError } from "./regex-error.ts";
import { heightOf, repeatsWithin, sizeOf } from "./measure.ts";
import type { ClassItem, Node, Pattern, Repeat } from "./syntax.ts";

const maxRepeat = 1000;
const maxHeight = 1000;
const maxSize = 300_000;
const maxPoint = 0x10ffff;

interface Flags {
  readonly fold: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly lazy: boolean;
}

/** An open parenthesis: what came before it, and the flags to return to. */
interface Frame {
  readonly capture: { readonly index: number; readonly name: string } | undefined;
  readonly flags: Flags;
  readonly alternatives: Node[];
  readonly items: Node[];
}

/** Reads an RE2 expression in Perl syntax. Throws RegexError with Go's text. */
export function parseRegex(pattern: string, dotAll = false): Pattern {
  return new Parser(pattern, dotAll).parse();
}

class Parser {
  readonly #text: string;
  readonly #names = [""];
  /** Where the last `[:name:]` can end; looked for once. */
  readonly #lastNamedClass: number;
  readonly #frames: Frame[] = [];
  #flags: Flags;
  #alternatives: Node[] = [];
  #items: Node[] = [];
  #at = 0;
  /** Where the repetition began that was read last, if nothing has followed it. */
  #lastRepeat = -1;

  constructor(text: string, dotAll: boolean) {
    this.#text = text;
    this.#lastNamedClass = text.lastIndexOf(":]");
    this.#flags = { fold: false, multiline: false, dotAll, lazy: false };
  }

  parse(): Pattern {
    if (/[\ud800-\udfff]/u.test(this.#text)) throw syntaxError("invalid UTF-8", this.#text);
    while (this.#at < this.#text.length) this.#step();
    if (this.#frames.length > 0) throw syntaxError("missing closing )", this.#text);
    const root = this.#alternation();
    if (heightOf(root) > maxHeight) throw syntaxError("expression nests too deeply", this.#text);
    if (sizeOf(root) > maxSize) throw syntaxError("expression too large", this.#text);
    return { root, groupNames: this.#names };
  }

  #step(): void {
    const repeatBefore = this.#lastRepeat;
    this.#lastRepeat = -1;
    switch (this.#text[this.#at]) {
      case "(":
        return this.#open();
      case ")":
        return this.#close();
      case "|":
        this.#at++;
        this.#alternatives.push(concat(this.#items));
        this.#items = [];
        return undefined;
      case "*":
      case "+":
      case "?":
      case "{":
        return this.#repetition(repeatBefore);
      default:
        return this.#atom();
    }
  }

  #atom(): void {
    switch (this.#text[this.#at]) {
      case "^":
        return this.#push({ kind: this.#flags.multiline ? "line-start" : "text-start" }, 1);
      case "$":
        return this.#push({ kind: this.#flags.multiline ? "line-end" : "text-end" }, 1);
      case ".":
        return this.#push({ kind: "any", newline: this.#flags.dotAll }, 1);
      case "[":
        this.#items.push(this.#charClass());
        return undefined;
      case "\\":
        return this.#escape();
      default: {
        const point = this.#text.codePointAt(this.#at)!;
        return this.#push(this.#literal(point), point > 0xffff ? 2 : 1);
      }
    }
  }

  #push(node: Node, width: number): void {
    this.#items.push(node);
    this.#at += width;
  }

  #literal(point: number): Node {
    return { kind: "literal", point, fold: this.#flags.fold };
  }

  #alternation(): Node {
    const all = [...this.#alternatives, concat(this.#items)];
    return all.length === 1 ? all[0]! : { kind: "alternate", items: all };
  }

  #open(): void {
    if (this.#text.startsWith("(?", this.#at)) return this.#flagsOrGroup();
    this.#at++;
    this.#names.push("");
    return this.#enter({ index: this.#names.length - 1, name: "" });
  }

  #enter(capture: Frame["capture"], flags = this.#flags): void {
    if (this.#frames.length >= maxHeight) throw syntaxError("expression nests too deeply", this.#text);
    this.#frames.push({ capture, flags: this.#flags, alternatives: this.#alternatives, items: this.#items });
    this.#flags = flags;
    this.#alternatives = [];
    this.#items = [];
  }

  #close(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) throw syntaxError("unexpected )", this.#text);
    const body = this.#alternation();
    this.#flags = frame.flags;
    this.#alternatives = frame.alternatives;
    this.#items = frame.items;
    this.#push(frame.capture ? { kind: "capture", ...frame.capture, body } : body, 1);
  }

  #flagsOrGroup(): void {
    const rest = this.#text.slice(this.#at);
    const named = /^\(\?(?:P<|<(?=.))/s.exec(rest);
    if (named) return this.#namedGroup(rest, named[0].length);
    const match = /^\(\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest);
    if (match === null) throw syntaxError("invalid or unsupported Perl syntax", badFlags(rest));
    const [all, on = "", off = "", end] = match;
    this.#at += all.length;
    const flags = withFlags(withFlags(this.#flags, on, true), off, false);
    if (end === ":") this.#enter(undefined, flags);
    else this.#flags = flags;
  }

  #namedGroup(rest: string, start: number): void {
    const end = rest.indexOf(">");
    if (end < 0) throw syntaxError("invalid named capture", rest);
    const name = rest.slice(start, end);
    if (!/^\w+$/.test(name)) throw syntaxError("invalid named capture", rest.slice(0, end + 1));
    this.#at += end + 1;
    this.#names.push(name);
    this.#enter({ index: this.#names.length - 1, name });
  }

  #repetition(repeatBefore: number): void {
    const start = this.#at;
    const bounds = this.#bounds();
    if (bounds === undefined) return this.#push(this.#literal(0x7b), 1);
    const lazy = this.#text[this.#at] === "?";
    if (lazy) this.#at++;
    const written = this.#text.slice(start, this.#at);
    if (repeatBefore >= 0)
      throw syntaxError("invalid nested repetition operator", this.#text.slice(repeatBefore, this.#at));
    const body = this.#items.pop();
    if (body === undefined) throw syntaxError("missing argument to repetition operator", written);
    const repeat: Repeat = { kind: "repeat", ...bounds, greedy: lazy === this.#flags.lazy, body };
    if (!repeatsWithin(repeat, maxRepeat)) throw syntaxError("invalid repeat count", written);
    this.#items.push(repeat);
    this.#lastRepeat = start;
  }

  /** Reads `*`, `+`, `?` or `{n,m}`; a brace that is no repetition stays unread. */
  #bounds(): { min: number; max: number } | undefined {
    const rest = this.#text.slice(this.#at, this.#at + 64);
    const match = /^(?:([*+?])|\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\})/.exec(rest);
    if (match === null) return undefined;
    this.#at += match[0].length;
    const [all, operator, low, comma, high] = match;
    if (operator !== undefined) return { min: operator === "+" ? 1 : 0, max: operator === "?" ? 1 : Infinity };
    const min = Number(low);
    const max = comma === undefined ? min : high === undefined ? Infinity : Number(high);
    if (min > maxRepeat || (max > maxRepeat && max !== Infinity) || min > max)
      throw syntaxError("invalid repeat count", all);
    return { min, max };
  }

  #escape(): void {
    const next = this.#text[this.#at + 1];
    switch (next) {
      case "A":
        return this.#push({ kind: "text-start" }, 2);
      case "z":
        return this.#push({ kind: "text-end" }, 2);
      case "b":
        return this.#push({ kind: "word-boundary" }, 2);
      case "B":
        return this.#push({ kind: "no-word-boundary" }, 2);
      case "Q":
        return this.#quoted();
      default: {
        const items = this.#classEscape();
        if (items) this.#items.push({ kind: "class", negated: false, fold: this.#flags.fold, items });
        else this.#items.push(this.#literal(this.#charEscape()));
        return undefined;
      }
    }
  }

  #quoted(): void {
    const start = this.#at + 2;
    const end = this.#text.indexOf("\\E", start);
    const text = this.#text.slice(start, end < 0 ? undefined : end);
    for (const char of text) this.#items.push(this.#literal(char.codePointAt(0)!));
    this.#at = end < 0 ? this.#text.length : end + 2;
  }

  /** `\d`, `\pL`, `\p{Greek}` …, or undefined with nothing read. */
  #classEscape(): ClassItem[] | undefined {
    const letter = this.#text[this.#at + 1] ?? "";
    if (letter === "p" || letter === "P") return [this.#property(letter === "P")];
    const items = perlClass(letter);
    if (items) this.#at += 2;
    return items;
  }

  #property(negated: boolean): ClassItem {
    const rest = this.#text.slice(this.#at);
    const braced = rest[2] === "{";
    const end = braced ? rest.indexOf("}") : 0;
    if (end < 0) throw syntaxError("invalid character class range", rest);
    const written = braced
      ? rest.slice(0, end + 1)
      : rest.slice(0, 2 + String.fromCodePoint(rest.codePointAt(2) ?? 0x20).length);
    const inner = braced ? written.slice(3, -1) : written.slice(2);
    const name = unicodeProperty(inner.replace(/^\^/, ""));
    if (name === undefined) throw syntaxError("invalid character class range", written.trimEnd());
    this.#at += written.length;
    return { kind: "property", name, negated: negated !== inner.startsWith("^") };
  }

  /** One escaped character, in or out of a class. */
  #charEscape(): number {
    const rest = this.#text.slice(this.#at);
    if (rest === "\\") throw syntaxError("trailing backslash at end of expression", "");
    const match =
      /^\\(?:(0[0-7]{0,2}|[1-7][0-7]{1,2})|x\{([\da-fA-F]+)\}|x([\da-fA-F]{2})|([afnrtv])|([\x00-\x7f]))/.exec(rest);
    const [all = "", octal, braced, hex, control, plain] = match ?? [];
    const point = pointOf(octal, braced ?? hex, control, plain);
    if (point === undefined || point > maxPoint) throw syntaxError("invalid escape sequence", badEscape(rest));
    this.#at += all.length;
    return point;
  }

  #charClass(): Node {
    const start = this.#at++;
    const negated = this.#text[this.#at] === "^";
    if (negated) this.#at++;
    const items: ClassItem[] = [];
    for (let first = true; first || this.#text[this.#at] !== "]"; first = false) this.#classItem(start, items);
    this.#at++;
    return { kind: "class", negated, fold: this.#flags.fold, items };
  }

  #classItem(start: number, items: ClassItem[]): void {
    if (this.#namedClass(items)) return;
    const escape = this.#text[this.#at] === "\\" ? this.#classEscape() : undefined;
    if (escape) items.push(...escape);
    else items.push(this.#range(start));
  }

  /** `[:alpha:]`; false with nothing read where there is none. */
  #namedClass(items: ClassItem[]): boolean {
    if (!this.#text.startsWith("[:", this.#at) || this.#at > this.#lastNamedClass) return false;
    const end = this.#text.indexOf(":]", this.#at + 2);
    if (end < 0) return false;
    const name = this.#text.slice(this.#at + 2, end);
    const found = posixClass(name);
    if (found === undefined) throw syntaxError("invalid character class range", `[:${name}:]`);
    this.#at = end + 2;
    items.push(...found);
    return true;
  }

  #range(start: number): ClassItem {
    const from = this.#at;
    const low = this.#classChar(start);
    if (this.#text[this.#at] !== "-" || (this.#text[this.#at + 1] ?? "]") === "]")
      return { kind: "range", low, high: low };
    this.#at++;
    const high = this.#classChar(start);
    if (high < low) throw syntaxError("invalid character class range", this.#text.slice(from, this.#at));
    return { kind: "range", low, high };
  }

  #classChar(start: number): number {
    const point = this.#text.codePointAt(this.#at);
    if (point === undefined) throw syntaxError("missing closing ]", this.#text.slice(start));
    if (point === 0x5c) return this.#charEscape();
    this.#at += point > 0xffff ? 2 : 1;
    return point;
  }
}

function concat(items: readonly Node[]): Node {
  if (items.length === 0) return { kind: "empty" };
  return items.length === 1 ? items[0]! : { kind: "concat", items };
}

function withFlags(flags: Flags, letters: string, on: boolean): Flags {
  return {
    fold: letters.includes("i") ? on : flags.fold,
    multiline: letters.includes("m") ? on : flags.multiline,
    dotAll: letters.includes("s") ? on : flags.dotAll,
    lazy: letters.includes("U") ? on : flags.lazy,
  };
}

/** `(?` and what follows it, up to the first character that makes no sense there. */
function badFlags(rest: string): string {
  const good = /^\(\?[imsU]*(?:-[imsU]*)?/.exec(rest)![0];
  return good + String.fromCodePoint(rest.codePointAt(good.length) ?? 0).replace("\0", "");
}

/** An escape that means nothing, as far as it has to be read to see that. */
function badEscape(rest: string): string {
  const digits = /^\\x\{([\da-fA-F]*)/.exec(rest)?.[1];
  if (digits === undefined) return /^\\(?:x.?.?|.)/su.exec(rest)![0];
  const cut = Array.from(digits.slice(0, 16)).findIndex(
    (_, i) => Number.parseInt(digits.slice(0, i + 1), 16) > maxPoint,
  );
  return cut < 0 ? /^\\x\{[\da-fA-F]*.?/su.exec(rest)![0] : rest.slice(0, 3 + cut + 1);
}

const controls: Record<string, number> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

function pointOf(octal?: string, hex?: string, control?: string, plain?: string): number | undefined {
  if (octal !== undefined) return Number.parseInt(octal, 8);
  if (hex !== undefined) return Number.parseInt(hex, 16);
  if (control !== undefined) return controls[control];
  return plain === undefined || /[A-Za-z0-9]/.test(plain) ? undefined : plain.codePointAt(0);
}
