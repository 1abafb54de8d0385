import { parseGoBytes, parseGoDuration, parseGoFloat } from "@ratatosk/pipeline";

export type FieldType = "string" | "int" | "float" | "boolean" | "duration" | "bytes";

const booleans = new Set(["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"]);
const int64 = 2n ** 63n;

/** What a value looks like. */
export function fieldType(value: string): FieldType {
  if (isInt(value)) return "int";
  if (typeof parseGoFloat(value) === "number") return "float";
  if (booleans.has(value)) return "boolean";
  if (typeof parseGoDuration(value) === "number") return "duration";
  if (typeof parseGoBytes(value) === "number") return "bytes";
  return "string";
}

function isInt(value: string): boolean {
  if (!/^[+-]?\d+$/.test(value)) return false;
  const number = BigInt(value.replace("+", ""));
  return number < int64 && number >= -int64;
}

/** A size without the space before its unit. */
export const normalBytes = (value: string): string => value.replace(/\s+/, "");
