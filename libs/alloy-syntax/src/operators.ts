import type { BinaryOperator } from "./tree.ts";
import { type AlloyValue, Secret } from "./value.ts";

/** Fails the expression: that side should have been of another type. */
type Blame = (side: "left" | "right", expected: string) => never;

type Arithmetic = Extract<BinaryOperator, "+" | "-" | "*" | "/" | "%" | "^">;
type Comparison = Extract<BinaryOperator, "<" | "<=" | ">" | ">=">;

const isNumber = (value: AlloyValue): value is bigint | number =>
  typeof value === "bigint" || typeof value === "number";

/** `<` and its kin: two numbers or two texts. */
export function compare(operator: Comparison, a: AlloyValue, b: AlloyValue, blame: Blame): boolean {
  if (typeof a === "string") {
    if (typeof b !== "string") return blame("right", "string");
    return ordered(operator, a < b ? -1 : a > b ? 1 : 0);
  }
  if (!isNumber(a)) return blame("left", "one of [number string]");
  if (!isNumber(b)) return blame("right", "number");
  return ordered(operator, a < b ? -1 : a > b ? 1 : 0);
}

function ordered(operator: Comparison, order: number): boolean {
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

/** Arithmetic over two ints, or floats where one is a float; `+` also joins texts. Throws a RangeError for 1 / 0. */
export function arithmetic(operator: Arithmetic, a: AlloyValue, b: AlloyValue, blame: Blame): AlloyValue {
  if (operator === "+" && (typeof a === "string" || a instanceof Secret)) return joined(a, b, blame);
  if (!isNumber(a)) return blame("left", operator === "+" ? "one of [number string]" : "number");
  if (!isNumber(b)) return blame("right", "number");
  if (typeof a === "bigint" && typeof b === "bigint") return BigInt.asIntN(64, ofInts(operator, a, b));
  return ofFloats(operator, Number(a), Number(b));
}

function joined(a: string | Secret, b: AlloyValue, blame: Blame): string | Secret {
  if (typeof b === "string" && typeof a === "string") return a + b;
  if (typeof b !== "string" && !(b instanceof Secret)) return blame("right", "string");
  return new Secret((typeof a === "string" ? a : a.text) + (typeof b === "string" ? b : b.text));
}

function ofInts(operator: Arithmetic, a: bigint, b: bigint): bigint {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
    case "%":
      if (b === 0n) throw new RangeError("division by zero");
      return operator === "/" ? a / b : a % b;
    case "^":
      return b < 0n ? a : power(a, b);
  }
}

/** By squaring, within 64 bits. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = BigInt.asIntN(64, result * square);
    square = BigInt.asIntN(64, square * square);
  }
  return result;
}

function ofFloats(operator: Arithmetic, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      if (b === 0) throw new RangeError("division by zero");
      return a / b;
    case "%":
      return a % b;
    case "^":
      return a ** b;
  }
}
