const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const hexadecimal = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/;
const infinity = /^[+-]?inf(?:inity)?$/i;
const misplacedUnderscore = /^[+-]?_|_$|__|[^0-9a-fA-FxX]_|_[^0-9a-fA-F]/;

/** A conversion that failed; the message is Go's. */
export class ConversionError extends Error {
  override readonly name = "ConversionError";
}

/** Reads a number as strconv.ParseFloat does. Throws ConversionError with Go's text. */
export function parseGoFloat(text: string): number {
  const value = floatOf(text);
  if (value === undefined)
    throw new ConversionError(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`);
  if (!Number.isFinite(value) && /\d/.test(text))
    throw new ConversionError(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: value out of range`);
  return value;
}

/** Like parseGoFloat, but undefined where the syntax is wrong and ±Infinity where the value is out of range. */
export function floatOf(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  if (infinity.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  if (text.includes("_")) return misplacedUnderscore.test(text) ? undefined : floatOf(text.replaceAll("_", ""));
  const match = hexadecimal.exec(text);
  return match ? hexFloat(match) : undefined;
}

function hexFloat([, sign, whole = "", fraction = "", exponent]: RegExpExecArray): number | undefined {
  const digits = whole + fraction;
  if (digits === "") return undefined;
  const power = Number(exponent) - 4 * fraction.length;
  const mantissa = Number(BigInt(`0x${digits}`));
  const half = Math.trunc(power / 2);
  const value = mantissa * 2 ** half * 2 ** (power - half);
  return sign === "-" ? -value : value;
}

/** A number as Go's `%v` prints it: the shortest digits, with an exponent below 1e-4 and from 1e6 on (`1.5`, `1e+06`). */
export function formatGoFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", exponent = ""] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** A number in shortest digits without exponent, as the values of an answer are written (`0.000001`, `+Inf`). */
export function formatDecimal(value: number): string {
  if (!Number.isFinite(value) || value === 0) return formatGoFloat(value);
  const [mantissa = "", exponent = ""] = value.toExponential().split("e");
  const digits = mantissa.replace(/[-.]/g, "");
  const point = Number(exponent) + 1;
  const sign = value < 0 ? "-" : "";
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, "0");
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** A number as Go's `%f` prints it: six decimals. */
export function formatFixedFloat(value: number): string {
  if (!Number.isFinite(value)) return formatGoFloat(value);
  return Math.abs(value) < 1e21 ? value.toFixed(6) : `${formatDecimal(value)}.000000`;
}
