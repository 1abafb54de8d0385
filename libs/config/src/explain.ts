import type { z } from "zod";
import { isSecret } from "./secret.ts";
import { sectionShape, typeName } from "./settings.ts";

type Issue = z.core.$ZodIssue;

/** The key that an issue is about, and in words what came and what was expected. */
export function explainIssue(schema: z.ZodType, issue: Issue, value: unknown): { path: PropertyKey[]; text: string } {
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    const path = [...issue.path, key];
    return { path, text: unknownSetting(key, Object.keys(schemaAt(schema, issue.path) ?? {})) };
  }
  const path = [...issue.path];
  if (issue.code === "custom") return { path, text: issue.message };
  const got = valueAt(value, path);
  const wanted = expectation(schema, issue, path);
  const at = fieldAt(schema, path);
  if (got !== undefined && at !== undefined && isSecret(at)) return { path, text: `expected ${wanted}` };
  return { path, text: got === undefined ? `is required: expected ${wanted}` : `expected ${wanted}, got ${show(got)}` };
}

function unknownSetting(key: string, known: readonly string[]): string {
  const [closest] = known
    .map((name) => ({ name, distance: distance(key, name) }))
    .sort((a, b) => a.distance - b.distance);
  if (closest && closest.distance <= Math.max(2, key.length / 4)) return `unknown setting, expected ${closest.name}?`;
  return known.length <= 20 ? `unknown setting, expected one of ${known.join(", ")}` : "unknown setting, see --help";
}

function expectation(schema: z.ZodType, issue: Issue, path: readonly PropertyKey[]): string {
  switch (issue.code) {
    case "invalid_type":
      return withArticle(issue.expected);
    case "invalid_value":
      return `one of ${issue.values.join(", ")}`;
    case "too_small":
      return `at least ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    case "invalid_union": {
      const at = fieldAt(schema, path);
      return at === undefined ? "another kind of value" : withArticle(typeName(at));
    }
    default:
      return issue.message;
  }
}

const nouns: Record<string, string> = {
  string: "text",
  object: "a map",
  record: "a map",
  map: "a map",
  array: "a list",
  boolean: "true or false",
  duration: "a duration such as 30s, 5m or 1h30m",
  size: "a size such as 256KB or 1.5MB",
};
const withArticle = (type: string): string => nouns[type] ?? `a ${type}`;

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): Record<string, z.ZodType> | undefined {
  const at = fieldAt(schema, path);
  return at && sectionShape(at);
}

function fieldAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let at: z.ZodType | undefined = schema;
  for (const key of path) at = at && (sectionShape(at)?.[String(key)] ?? elementOf(at));
  return at;
}

/** What a list or a map holds. */
function elementOf(schema: z.ZodType): z.ZodType | undefined {
  const definition = schema.def as { element?: z.ZodType; valueType?: z.ZodType; innerType?: z.ZodType };
  return definition.element ?? definition.valueType ?? (definition.innerType && elementOf(definition.innerType));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) at = (at as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return at;
}

/** Edits (insert, delete, replace, swap of neighbours counts two) that turn one word into the other. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row.push(Math.min(row[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    previous = row;
  }
  return previous[b.length]!;
}
