import { formatFloat } from "./format/float.ts";
import { parseFloat64, parseInteger } from "./parse/constant.ts";
import type { Value } from "./value.ts";

const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;

/** A value as int64, whatever it is; what is no number counts as 0. `fractions` cuts `"2.7"` to 2 instead of 0. */
export function toInt(value: Value, fractions: boolean): bigint {
  switch (typeof value) {
    case "bigint":
      return value;
    case "number":
      return floatToInt(value);
    case "boolean":
      return value ? 1n : 0n;
    case "string":
      return textToInt(value, fractions);
    default:
      return 0n;
  }
}

function floatToInt(value: number): bigint {
  if (!Number.isFinite(value)) return smallest;
  const whole = BigInt(Math.trunc(value));
  return whole < smallest || whole > largest ? smallest : whole;
}

function textToInt(text: string, fractions: boolean): bigint {
  const whole = parseInteger(text.replace(/^([^.]*)\.0*$/, "$1"));
  if (whole !== undefined) return whole < smallest || whole > largest ? 0n : whole;
  const float = fractions ? parseFloat64(text) : undefined;
  return float === undefined || !Number.isFinite(float) ? 0n : floatToInt(float);
}

/** A value as float64; what is no number counts as 0. */
export function toFloat(value: Value): number {
  switch (typeof value) {
    case "number":
      return value;
    case "bigint":
      return Number(value);
    case "boolean":
      return value ? 1 : 0;
    case "string":
      return parseFloat64(value) ?? 0;
    default:
      return 0;
  }
}

/** An exact decimal number: coefficient × 10^exponent. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** The shortest decimal that reads as this float. */
export function toDecimal(value: number): Decimal {
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(
    formatFloat(value),
  )!;
  return { coefficient: BigInt(`${sign}${whole}${fraction}`), exponent: Number(exponent) - fraction.length };
}

export const fromDecimal = ({ coefficient, exponent }: Decimal): number => Number(`${coefficient}e${exponent}`);
