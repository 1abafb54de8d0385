import { quote } from "@ratatosk/model";
import { toBytes } from "../byte-text.ts";
import { Time } from "../time/time.ts";
import { isDict, isList, typeName, type Value } from "../value.ts";
import { formatFloatAs } from "./float.ts";
import { formatValue } from "./print.ts";

/** Widths and precisions Go takes at most. */
const maxWidth = 1_000_000;

interface Directive {
  readonly verb: string;
  readonly plus: boolean;
  readonly minus: boolean;
  readonly sharp: boolean;
  readonly zero: boolean;
  readonly blank: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

const directive = /%([+\-# 0]*)(\[\d+\])?(\*|\d+)?(?:(\.)(\[\d+\])?(\*|\d+)?)?(\[\d+\])?(.)?/gsu;

/** Go's Sprintf. What does not fit is said in the text, as Go does: `%!d(string=x)`, `%!s(MISSING)`. */
export function sprintf(format: string, values: readonly Value[]): string {
  const printer = new Printer(values);
  const text = format.replace(directive, (...match: (string | undefined)[]) => printer.print(match));
  return text + printer.extra();
}

class Printer {
  readonly #values: readonly Value[];
  #at = 0;
  #reordered = false;

  constructor(values: readonly Value[]) {
    this.#values = values;
  }

  print(match: readonly (string | undefined)[]): string {
    const [, flags = "", widthIndex, width, dot, precisionIndex, precision, index, verb] = match;
    this.#jump(widthIndex);
    const wide = this.#number(width);
    this.#jump(precisionIndex);
    const precise = dot === undefined ? undefined : (this.#number(precision) ?? 0);
    this.#jump(index);
    if (verb === undefined) return "%!(NOVERB)";
    if (verb === "%") return "%";
    if (this.#at >= this.#values.length) return `%!${verb}(MISSING)`;
    if ((wide ?? 0) > maxWidth) return "%!(BADWIDTH)";
    return formatDirective(
      {
        verb,
        plus: flags.includes("+"),
        minus: flags.includes("-") || (wide ?? 0) < 0,
        sharp: flags.includes("#"),
        zero: flags.includes("0") && !flags.includes("-"),
        blank: flags.includes(" "),
        width: wide === undefined ? undefined : Math.abs(wide),
        precision: precise,
      },
      this.#values[this.#at++],
    );
  }

  /** What Go says about values that no verb took. */
  extra(): string {
    if (this.#reordered || this.#at >= this.#values.length) return "";
    const rest = this.#values.slice(this.#at);
    return `%!(EXTRA ${rest.map((value) => (value === undefined ? "<nil>" : `${typeName(value)}=${formatValue(value)}`)).join(", ")})`;
  }

  #jump(index: string | undefined): void {
    if (index === undefined) return;
    this.#at = Number(index.slice(1, -1)) - 1;
    this.#reordered = true;
  }

  #number(text: string | undefined): number | undefined {
    if (text !== "*") return text === undefined ? undefined : Number(text);
    const value = this.#values[this.#at++];
    return typeof value === "bigint" ? Number(value) : undefined;
  }
}

function formatDirective(to: Directive, value: Value): string {
  if (to.verb === "T") return pad(typeName(value), to);
  if (value === undefined) return to.verb === "v" ? pad("<nil>", to) : `%!${to.verb}(<nil>)`;
  if (to.verb === "v" && to.sharp) return pad(goSyntax(value), to);
  if (isList(value)) return formatList(to, value);
  if (isDict(value)) {
    const keys = [...value.keys()].sort();
    return `map[${keys.map((key) => `${formatDirective(to, key)}:${formatDirective(to, value.get(key))}`).join(" ")}]`;
  }
  return formatScalar(to, value) ?? `%!${to.verb}(${typeName(value)}=${formatValue(value)})`;
}

const formatList = (to: Directive, list: readonly Value[]): string =>
  `[${list.map((value) => formatDirective(to, value)).join(" ")}]`;

/** Undefined where the verb does not suit the value. */
function formatScalar(to: Directive, value: Value): string | undefined {
  switch (typeof value) {
    case "string":
      return formatText(to, value);
    case "bigint":
      return formatInteger(to, value);
    case "number":
      return formatFloatVerb(to, value);
    case "boolean":
      return to.verb === "t" || to.verb === "v" ? pad(String(value), to) : undefined;
    default:
      if (value instanceof Time && (to.verb === "v" || to.verb === "s")) return pad(formatValue(value), to);
      return to.verb === "v" ? pad(formatValue(value), to) : undefined;
  }
}

function formatText(to: Directive, value: string): string | undefined {
  const text = to.precision === undefined ? value : Array.from(value).slice(0, to.precision).join("");
  switch (to.verb) {
    case "v":
    case "s":
      return pad(text, to);
    case "q":
      return pad(to.sharp && !text.includes("`") ? `\`${text}\`` : quote(text), to);
    case "x":
    case "X": {
      const separator = to.blank ? " " : "";
      const hex = Array.from(toBytes(text), (byte) => byte.toString(16).padStart(2, "0")).join(separator);
      return pad((to.sharp && hex !== "" ? "0x" : "") + hex, to, to.verb === "X");
    }
    default:
      return undefined;
  }
}

function formatInteger(to: Directive, value: bigint): string | undefined {
  switch (to.verb) {
    case "v":
    case "d":
      return padNumber(digits(value, 10, to), signOf(value < 0n, to), to);
    case "b":
    case "o":
    case "O":
    case "x":
    case "X": {
      const radix = to.verb === "b" ? 2 : to.verb.toLowerCase() === "o" ? 8 : 16;
      const prefix = to.verb === "O" ? "0o" : to.sharp ? ({ 2: "0b", 8: "0", 16: "0x" }[radix] ?? "") : "";
      const text = padNumber(digits(value, radix, to), signOf(value < 0n, to) + prefix, to);
      return to.verb === "X" ? text.toUpperCase() : text;
    }
    case "c":
      return pad(rune(value), to);
    case "q":
      return pad(`'${quote(rune(value)).slice(1, -1).replace('\\"', '"').replace("'", "\\'")}'`, to);
    case "U":
      return pad(`U+${value.toString(16).toUpperCase().padStart(4, "0")}`, to);
    default:
      return undefined;
  }
}

const digits = (value: bigint, radix: number, { precision = 1 }: Directive): string =>
  (value < 0n ? -value : value).toString(radix).padStart(precision, "0");

const rune = (value: bigint): string =>
  value >= 0n && value <= 0x10ffffn ? String.fromCodePoint(Number(value)) : "\ufffd";

function formatFloatVerb(to: Directive, value: number): string | undefined {
  const { verb, precision } = to;
  const kind = verb === "v" ? "g" : verb.toLowerCase();
  if (kind !== "e" && kind !== "f" && kind !== "g") return undefined;
  const text = formatFloatAs(kind, value, precision ?? (kind === "g" ? -1 : 6));
  const unsigned = text.replace(/^[+-]/, "");
  const padded = padNumber(unsigned, signOf(text.startsWith("-"), to) || (text === "+Inf" ? "+" : ""), {
    ...to,
    zero: to.zero && Number.isFinite(value),
    precision: undefined,
  });
  return verb === "E" || verb === "G" ? padded.toUpperCase() : padded;
}

const signOf = (negative: boolean, { plus, blank }: Directive): string =>
  negative ? "-" : plus ? "+" : blank ? " " : "";

/** Zeros go between the sign and the digits. */
function padNumber(text: string, sign: string, to: Directive): string {
  if (!to.zero || to.width === undefined || to.precision !== undefined) return pad(sign + text, to);
  return sign + text.padStart(to.width - sign.length, "0");
}

function pad(text: string, { width = 0, minus, zero }: Directive, upper = false): string {
  const shown = upper ? text.toUpperCase() : text;
  const missing = width - Array.from(shown).length;
  if (missing <= 0) return shown;
  return minus ? shown + " ".repeat(missing) : (zero ? "0" : " ").repeat(missing) + shown;
}

function goSyntax(value: Value): string {
  if (typeof value === "string") return quote(value);
  if (isList(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (isDict(value)) {
    const keys = [...value.keys()].sort();
    return `${typeName(value)}{${keys.map((key) => `${quote(key)}:${goSyntax(value.get(key))}`).join(", ")}}`;
  }
  return value === undefined ? "interface {}(nil)" : formatValue(value);
}
