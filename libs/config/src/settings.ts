import type { z } from "zod";
import { isSecret } from "./secret.ts";

/** One setting of a schema, as help texts list it. */
export interface Setting {
  readonly path: readonly string[];
  /** `true|false`, `number`, `text`, `duration`, `size`, `a|b`, `list`, `map`. */
  readonly type: string;
  /** As one would write it in YAML; undefined where the setting has none. */
  readonly default: string | undefined;
  readonly description: string;
}

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly shape?: Record<string, z.ZodType>;
  readonly entries?: Record<string, string>;
  readonly defaultValue?: unknown;
}

/** The settings of an object schema, sections opened, in the order of the schema. */
export function settingsOf(schema: z.ZodType, path: readonly string[] = []): Setting[] {
  const shape = sectionShape(schema);
  if (shape !== undefined && path.length < 5)
    return Object.entries(shape).flatMap(([key, inner]) => settingsOf(inner, [...path, key]));
  return [{ path, type: typeName(schema), default: defaultText(schema), description: schema.description ?? "" }];
}

/** The members of an object schema, seen through defaults and optionality; undefined for other schemas. */
export function sectionShape(schema: z.ZodType): Record<string, z.ZodType> | undefined {
  const definition = definitionOf(schema);
  if (definition.type === "object") return definition.shape;
  return definition.innerType && sectionShape(definition.innerType);
}

/** What kind of value a schema takes, in a word. */
export function typeName(schema: z.ZodType): string {
  const unit = schema.meta()?.["unit"];
  if (unit === "bytes") return "size";
  if (unit === "duration") return unit;
  if (isSecret(schema)) return "secret";
  const definition = definitionOf(schema);
  switch (definition.type) {
    case "boolean":
      return "true|false";
    case "number":
      return "number";
    case "string":
      return "text";
    case "enum":
      return Object.values(definition.entries ?? {}).join("|");
    case "array":
      return "list";
    case "record":
    case "object":
      return "map";
    default: {
      const inner = definition.innerType ?? definition.in;
      return inner === undefined ? "text" : typeName(inner);
    }
  }
}

function defaultText(schema: z.ZodType): string | undefined {
  const definition = definitionOf(schema);
  if (definition.type !== "prefault" && definition.type !== "default")
    return definition.innerType && defaultText(definition.innerType);
  const value = definition.defaultValue;
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}

const definitionOf = (schema: z.ZodType): Definition => schema.def;
