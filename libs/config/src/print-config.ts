import { stringify } from "yaml";
import { z } from "zod";
import { printBytes, printDuration } from "./print-units.ts";
import { isSecret } from "./secret.ts";
import { sectionShape, typeName } from "./settings.ts";

/** A configuration as YAML, durations and sizes as one would write them, secrets as `********`. */
export function printConfig(schema: z.ZodType, config: unknown): string {
  return stringify(readable(schema, config), { lineWidth: 0 });
}

/** A configuration as plain data that shows what `printConfig` shows. */
export function readable(schema: z.ZodType, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (isSecret(schema)) return value === "" ? "" : "********";
  const shape = sectionShape(schema);
  if (shape !== undefined) return readableSection(shape, value as Record<string, unknown>);
  const type = typeName(schema);
  if (typeof value === "number" && type === "duration") return printDuration(value);
  if (typeof value === "number" && type === "size") return printBytes(value);
  if (typeof value === "string") return withoutPassword(value);
  if (Array.isArray(value)) return value.map((item) => readable(itemSchema(schema, "element"), item));
  if (type === "map" && typeof value === "object") return readableMap(itemSchema(schema, "valueType"), value);
  return value;
}

/** `http://name:password@host` without the password. */
const withoutPassword = (text: string): string =>
  text.replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*):[^\s@/]+@/gi, "$1:********@");

const readableMap = (schema: z.ZodType, map: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, readable(schema, value)]));

function readableSection(shape: Record<string, z.ZodType>, value: Record<string, unknown>): Record<string, unknown> {
  const section: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value))
    if (inner !== undefined) section[key] = shape[key] ? readable(shape[key], inner) : inner;
  return section;
}

/** The schema of the items of a list or the values of a map, seen through defaults; of anything where there is none. */
function itemSchema(schema: z.ZodType, part: "element" | "valueType"): z.ZodType {
  const definition = schema.def as unknown as Partial<Record<typeof part | "innerType", z.ZodType>>;
  return definition[part] ?? (definition.innerType ? itemSchema(definition.innerType, part) : z.unknown());
}
