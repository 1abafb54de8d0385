import { Time } from "../time/time.ts";
import { formatTime } from "../time/format.ts";
import { isDict, isList, type Value } from "../value.ts";
import { formatFloat } from "./float.ts";

/** The layout of a time's plain text. */
const timeLayout = "2006-01-02 15:04:05.999999999 -0700 MST";

/** What `{{ value }}` writes: nil is `<no value>`. */
export const printValue = (value: Value): string => (value === undefined ? "<no value>" : formatValue(value));

/** A value as Go's %v prints it: `[a b]`, `map[k:v]`, `<nil>`. */
export function formatValue(value: Value): string {
  switch (typeof value) {
    case "string":
      return value;
    case "bigint":
    case "boolean":
      return String(value);
    case "number":
      return formatFloat(value);
    case "object":
      return formatObject(value);
    default:
      return value === undefined ? "<nil>" : "0x1";
  }
}

function formatObject(value: object & Value): string {
  if (value instanceof Time) return formatTime(value, timeLayout);
  if (isList(value)) return `[${value.map(formatValue).join(" ")}]`;
  if (!isDict(value)) return "";
  return `map[${[...value.keys()]
    .sort()
    .map((key) => `${key}:${formatValue(value.get(key))}`)
    .join(" ")}]`;
}

/** Values one behind the other, as Go's Sprint: a blank between two that are both no text. */
export function sprint(values: readonly Value[]): string {
  let text = "";
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (at > 0 && typeof value !== "string" && typeof values[at - 1] !== "string") text += " ";
    text += formatValue(value);
  }
  return text;
}
