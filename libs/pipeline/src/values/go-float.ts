const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const hexadecimal = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/;
const infinite = /^([+-]?)inf(?:inity)?$/i;

/** A float as Go reads it, or the text of its error. */
export function parseGoFloat(text: string): number | string {
  const simple = simpleFloat(text);
  return Number.isNaN(simple) ? anyFloat(text) : simple;
}

/** Fast path: at most fifteen digits, perhaps with a point among them; NaN for all else. */
function simpleFloat(text: string): number {
  const { length } = text;
  if (length > 16) return NaN;
  let value = 0;
  let divisor = 1;
  let digits = 0;
  let afterPoint = false;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code >= zero && code <= nine) {
      value = value * 10 + code - zero;
      if (afterPoint) divisor *= 10;
      digits++;
    } else if (code === point && !afterPoint) afterPoint = true;
    else return NaN;
  }
  // So many digits are exact as numbers, and so is their quotient rounded once.
  return digits === 0 || digits > 15 ? NaN : value / divisor;
}

const zero = 0x30;
const nine = 0x39;
const point = 0x2e;

/** The float by the grammar. */
export function anyFloat(text: string): number | string {
  if (decimal.test(text)) return inRange(text, Number(text));
  const hex = hexadecimal.exec(text);
  if (hex && (hex[2] !== "" || hex[3] !== "")) return inRange(text, hexValue(hex));
  const sign = infinite.exec(text)?.[1];
  if (sign !== undefined) return sign === "-" ? -Infinity : Infinity;
  if (/^[+-]?nan$/i.test(text)) return NaN;
  return floatError(text, "invalid syntax");
}

export const floatError = (text: string, cause: string): string =>
  `strconv.ParseFloat: parsing ${JSON.stringify(text)}: ${cause}`;

function inRange(text: string, value: number): number | string {
  return Number.isFinite(value) ? value : floatError(text, "value out of range");
}

function hexValue([, sign, whole, fraction, exponent]: RegExpExecArray): number {
  let value = 0;
  for (const digit of whole! + fraction!) value = value * 16 + Number.parseInt(digit, 16);
  return (sign === "-" ? -1 : 1) * value * 2 ** (Number(exponent) - 4 * fraction!.length);
}
