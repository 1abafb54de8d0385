import type { ArithmeticOp, CompareOp } from "@ratatosk/logql";

/** Computes, or compares to 1 and 0. Division by zero is NaN. */
export const operators: Readonly<Record<ArithmeticOp | CompareOp, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => (b === 0 ? NaN : a / b),
  "%": (a, b) => (b === 0 ? NaN : a % b),
  "^": (a, b) => power(a, b),
  "==": (a, b) => Number(a === b),
  "!=": (a, b) => Number(a !== b),
  ">": (a, b) => Number(a > b),
  ">=": (a, b) => Number(a >= b),
  "<": (a, b) => Number(a < b),
  "<=": (a, b) => Number(a <= b),
};

/** IEEE pow: 1 to any power, and -1 to an infinite one, is 1. */
function power(a: number, b: number): number {
  return a === 1 || (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) ? 1 : a ** b;
}

const comparisons = new Set<string>(["==", "!=", ">", ">=", "<", "<="]);
export const isComparison = (op: string): op is CompareOp => comparisons.has(op);
