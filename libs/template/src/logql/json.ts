import type { Value } from "../value.ts";

/** A JSON text as a value: numbers are float64, null and what is no JSON are nil. */
export function fromJson(text: string): Value {
  try {
    return toValue(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function toValue(json: unknown): Value {
  if (json === null) return undefined;
  if (Array.isArray(json)) return json.map(toValue);
  if (typeof json === "object") return new Map(Object.entries(json).map(([key, value]) => [key, toValue(value)]));
  return json as string | number | boolean;
}
