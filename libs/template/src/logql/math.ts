import { type Decimal, fromDecimal, toDecimal, toFloat, toInt } from "../cast.ts";
import { fn, type Functions } from "../function.ts";
import type { Value } from "../value.ts";

/** Decimals a division keeps. */
const divisionPlaces = 16;

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);

/** Arithmetic over whatever reads as a number; whole numbers are int64, those with an f are decimal. */
export function mathFunctions(fractions: boolean): Functions {
  const int = (value: Value): bigint => toInt(value, fractions);
  const ints =
    (combine: (a: bigint, b: bigint) => bigint) =>
    (first: Value, ...others: Value[]) =>
      others.reduce<bigint>((total, value) => wrap(combine(total, int(value))), int(first));
  return {
    int: fn("any", int),
    float64: fn("any", toFloat),
    add: fn("...any", (...values: Value[]) => values.reduce<bigint>((total, value) => wrap(total + int(value)), 0n)),
    sub: fn("any, any", (a: Value, b: Value) => wrap(int(a) - int(b))),
    mul: fn(
      "any, ...any",
      ints((a, b) => a * b),
    ),
    div: fn("any, any", (a: Value, b: Value) => wrap(int(a) / divisor(int(b)))),
    mod: fn("any, any", (a: Value, b: Value) => int(a) % divisor(int(b))),
    max: fn(
      "any, ...any",
      ints((a, b) => (a > b ? a : b)),
    ),
    min: fn(
      "any, ...any",
      ints((a, b) => (a < b ? a : b)),
    ),
    ...floatFunctions,
  };
}

function divisor(value: bigint): bigint {
  if (value === 0n) throw new Error("runtime error: integer divide by zero");
  return value;
}

const floats = (combine: (a: number, b: number) => number) =>
  fn("any, ...any", (first: Value, ...others: Value[]) =>
    others.reduce<number>((total, value) => combine(total, toFloat(value)), toFloat(first)),
  );

/** Exact in decimals, so that 0.1 + 0.2 is 0.3. */
const decimals = (combine: (a: Decimal, b: Decimal) => Decimal) =>
  fn("any, ...any", (first: Value, ...others: Value[]) => {
    const values = [first, ...others].map(toFloat);
    if (!values.every(Number.isFinite)) throw new Error("cannot compute with a number that is not finite");
    return fromDecimal(values.map(toDecimal).reduce(combine));
  });

const floatFunctions: Functions = {
  addf: decimals((a, b) => aligned(a, b, (x, y) => x + y)),
  subf: decimals((a, b) => aligned(a, b, (x, y) => x - y)),
  mulf: decimals((a, b) => ({ coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent })),
  divf: decimals(divide),
  maxf: floats(Math.max),
  minf: floats(Math.min),
  ceil: fn("any", (value: Value) => Math.ceil(toFloat(value))),
  floor: fn("any", (value: Value) => Math.floor(toFloat(value))),
  round: fn("any, int, ...float64", (value: Value, places: bigint, up = 0.5) => round(toFloat(value), places, up)),
};

function aligned(a: Decimal, b: Decimal, combine: (a: bigint, b: bigint) => bigint): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = (value: Decimal): bigint => value.coefficient * 10n ** BigInt(value.exponent - exponent);
  return { coefficient: combine(scaled(a), scaled(b)), exponent };
}

function divide(a: Decimal, b: Decimal): Decimal {
  if (b.coefficient === 0n) throw new Error("decimal division by 0");
  const shift = a.exponent - b.exponent + divisionPlaces;
  const numerator = shift >= 0 ? a.coefficient * 10n ** BigInt(shift) : a.coefficient;
  const denominator = shift >= 0 ? b.coefficient : b.coefficient * 10n ** BigInt(-shift);
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  const half = absolute(remainder) * 2n >= absolute(denominator);
  const away = numerator < 0n === denominator < 0n ? 1n : -1n;
  return { coefficient: half ? quotient + away : quotient, exponent: -divisionPlaces };
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

/** Away from the floor where the fraction is at least `up`. */
function round(value: number, places: bigint, up: number): number {
  const power = 10 ** Number(places);
  const scaled = power * value;
  return (scaled - Math.trunc(scaled) >= up ? Math.ceil(scaled) : Math.floor(scaled)) / power;
}
