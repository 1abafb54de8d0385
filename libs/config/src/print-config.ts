import { stringify } from "yaml";
import type { z } from "zod";
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
  const element = Array.isArray(value) ? elementSchema(schema) : undefined;
  return element && Array.isArray(value) ? value.map((item) => readable(element, item)) : value;
}

function readableSection(shape: Record<string, z.ZodType>, value: Record<string, unknown>): Record<string, unknown> {
  const section: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value))
    if (inner !== undefined) section[key] = shape[key] ? readable(shape[key], inner) : inner;
  return section;
}

function elementSchema(schema: z.ZodType): z.ZodType | undefined {
  const definition = schema.def as unknown as { element?: z.ZodType; innerType?: z.ZodType };
  return definition.element ?? (definition.innerType && elementSchema(definition.innerType));
}
