import type { Param } from "../function.ts";
import { type Operand, printNode } from "../parse/tree.ts";
import { isDict, isList, typeName, type Value } from "../value.ts";
import { Time } from "../time/time.ts";

const goTypes: Record<Param, string> = {
  any: "interface {}",
  string: "string",
  int: "int",
  float64: "float64",
  bool: "bool",
  list: "[]interface {}",
  map: "map[string]interface {}",
  "time.Time": "time.Time",
};

/** True if Go would let the value stand where the parameter is. */
function accepts(param: Param, value: Value): boolean {
  switch (param) {
    case "any":
      return true;
    case "string":
      return typeof value === "string";
    case "int":
      return typeof value === "bigint";
    case "float64":
      return typeof value === "number";
    case "bool":
      return typeof value === "boolean";
    case "list":
      return isList(value);
    case "map":
      return isDict(value);
    case "time.Time":
      return value instanceof Time;
  }
}

/** The value as an argument; throws Go's message where its type does not fit. */
export function checkArgument(param: Param, value: Value): Value {
  if (param === "any" || accepts(param, value)) return value;
  if (value === undefined) throw new Error(`invalid value; expected ${goTypes[param]}`);
  throw new Error(`wrong type for value; expected ${goTypes[param]}; got ${typeName(value)}`);
}

/** The value of a constant where a parameter of that type stands; undefined if the operand is no constant. */
export function constantArgument(operand: Operand, param: Param): { value: Value } | { failure: string } | undefined {
  switch (operand.kind) {
    case "nil":
      return param === "any" || param === "list" || param === "map"
        ? { value: undefined }
        : { failure: `cannot assign nil to ${goTypes[param]}` };
    case "bool":
    case "string":
      return accepts(param, operand.value) ? { value: operand.value } : mismatch(param, operand);
    case "number":
      if (param === "any") return { value: idealNumber(operand) };
      if (param === "int" && operand.int !== undefined) return { value: operand.int };
      return param === "float64" ? { value: operand.float } : mismatch(param, operand);
    default:
      return undefined;
  }
}

/** A number constant without a type: int, unless it is spelt like a float. */
export function idealNumber({ source, int, float }: Extract<Operand, { kind: "number" }>): bigint | number {
  const spelledFloat = /[.eEpP]/.test(source) && !/^[+-]?0[xX][^pP]*$|^'/.test(source);
  return int === undefined || spelledFloat ? float : int;
}

function mismatch(param: Param, operand: Operand): { failure: string } {
  const expected = param === "int" ? "integer" : param === "float64" ? "float" : goTypes[param];
  if (param === "list" || param === "map" || param === "time.Time")
    return { failure: `can't handle ${printNode(operand)} for arg of type ${goTypes[param]}` };
  return { failure: `expected ${expected}; found ${printNode(operand)}` };
}
