/** A number as Go's scanner reads it: how far it goes, and what is wrong with it. */
export interface NumberLiteral {
  readonly end: number;
  readonly error: string | undefined;
}

const literalNames: Record<string, string> = { x: "hexadecimal", o: "octal", b: "binary", "0": "octal", "": "decimal" };
const exponent = /[+-]?[\d_]*/y;
const decimalDigits = /[\d_]*/y;
const hexDigits = /[\da-fA-F_]*/y;

/** Reads the number that begins at `start` (a digit, or a point before a digit). */
export function scanNumber(text: string, start: number): NumberLiteral {
  const prefix = prefixOf(text, start);
  const digits = prefix === "x" ? hexDigits : decimalDigits;
  let at = prefix === "" || prefix === "0" ? start : start + 2;
  const whole = run(digits, text, at);
  at += whole.length;
  const isFloat = text[at] === ".";
  const fraction = isFloat ? run(digits, text, at + 1) : "";
  if (isFloat) at += 1 + fraction.length;
  const found: Parts = { prefix, whole, fraction, isFloat, exponent: undefined, power: "" };
  const letter = text[at]?.toLowerCase();
  if (letter === "e" || letter === "p") {
    found.exponent = letter;
    found.power = run(exponent, text, at + 1);
    at += 1 + found.power.length;
  }
  return { end: at, error: faultOf(found, text.slice(start, at)) };
}

interface Parts {
  readonly prefix: string;
  readonly whole: string;
  readonly fraction: string;
  readonly isFloat: boolean;
  exponent: string | undefined;
  power: string;
}

function prefixOf(text: string, start: number): string {
  if (text[start] !== "0") return "";
  const letter = text[start + 1]?.toLowerCase() ?? "";
  return letter !== "" && "xob".includes(letter) ? letter : "0";
}

function faultOf({ prefix, whole, fraction, isFloat, exponent, power }: Parts, text: string): string | undefined {
  const name = `${literalNames[prefix]} literal`;
  if (isFloat && (prefix === "o" || prefix === "b")) return `invalid radix point in ${name}`;
  if (!/[\da-fA-F]/.test(whole + fraction)) return `${name} has no digits`;
  if (exponent === "e" && "xob".includes(prefix) && prefix !== "") return `'e' exponent requires decimal mantissa`;
  if (exponent === "p" && prefix !== "x") return `'p' exponent requires hexadecimal mantissa`;
  if (exponent !== undefined && !/\d/.test(power)) return "exponent has no digits";
  if (exponent === undefined && prefix === "x" && isFloat) return "hexadecimal mantissa requires a 'p' exponent";
  if (!isFloat && exponent === undefined && prefix !== "" && prefix !== "x") {
    const invalid = (prefix === "b" ? /[2-9]/ : /[89]/).exec(whole);
    if (invalid) return `invalid digit '${invalid[0]}' in ${name}`;
  }
  return /__|_$|_[^\da-fA-F]|(?<![\da-fA-FxXoObB])_/.test(text) ? "'_' must separate successive digits" : undefined;
}

function run(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
