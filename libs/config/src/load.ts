import { LineCounter, parseDocument, type Document, isNode, parse as parseYaml } from "yaml";
import type { z } from "zod";
import { ConfigError } from "./config-error.ts";
import { explainIssue } from "./explain.ts";

export interface ConfigInput {
  /** YAML, environment variables already expanded. */
  readonly text: string;
  /** The file's name, for messages. */
  readonly file: string;
  /** Settings of the command line, which count before the file: `server.http_listen_port` → `3101`, read as YAML. */
  readonly flags?: ReadonlyMap<string, string>;
  /** Says what the file means, before the flags are added: for files that are written in other words. */
  readonly translate?: (value: unknown) => unknown;
}

/** Reads YAML by a schema. Throws ConfigError: `loki.yaml:3: server.http_listen_prot: unknown setting, …`. */
export function loadConfig<Schema extends z.ZodType>(schema: Schema, input: ConfigInput): z.infer<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(input.text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    logLevel: "error",
  });
  const [error] = document.errors;
  if (error) throw new ConfigError(`${input.file}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
  const plain = plainValue(document, input.file);
  const value = withFlags(input.translate?.(plain) ?? plain, input.flags);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, text } = explainIssue(schema, result.error.issues[0]!, value);
  const place = placeOf(path, document, lines, input);
  const key = path.length === 0 || place.startsWith("--") ? "" : `${path.join(".")}: `;
  throw new ConfigError(`${place}: ${key}${text}`);
}

function plainValue(document: Document, file: string): unknown {
  try {
    return (document.toJS({ maxAliasCount: 100 }) as unknown) ?? {};
  } catch (cause) {
    throw new ConfigError(`${file}: ${(cause as Error).message}`, { cause });
  }
}

function withFlags(value: unknown, flags: ReadonlyMap<string, string> = new Map()): unknown {
  if (flags.size === 0 || typeof value !== "object" || value === null) return value;
  const root = structuredClone(value) as Record<string, unknown>;
  for (const [name, text] of flags) setAt(root, name.split("."), flagValue(name, text));
  return root;
}

function setAt(root: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let section = root;
  for (const key of path.slice(0, -1)) {
    const inner = section[key];
    section = (typeof inner === "object" && inner !== null ? inner : (section[key] = {})) as Record<string, unknown>;
  }
  section[path.at(-1)!] = value;
}

function flagValue(name: string, text: string): unknown {
  try {
    return parseYaml(text, { logLevel: "error" }) as unknown;
  } catch (cause) {
    throw new ConfigError(`--${name}: ${(cause as Error).message.split("\n", 1)[0]}`, { cause });
  }
}

/** Where the setting at `path` was written: a flag, or a file and line. */
function placeOf(path: readonly PropertyKey[], document: Document, lines: LineCounter, input: ConfigInput): string {
  for (let length = path.length; length > 0; length--) {
    const name = path.slice(0, length).join(".");
    if (input.flags?.has(name)) return `--${name}`;
  }
  for (let length = path.length; length > 0; length--) {
    const offset = keyOffset(document, path.slice(0, length));
    if (offset !== undefined) return `${input.file}:${lines.linePos(offset).line}`;
  }
  return input.file;
}

function keyOffset(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const items = (parent as { items?: readonly unknown[] } | null)?.items;
  if (items === undefined) return undefined;
  const last = path.at(-1)!;
  const item =
    typeof last === "number"
      ? items[last]
      : items.map((pair) => (pair as { key?: unknown }).key).find((key) => String(key) === last);
  return isNode(item) ? item.range?.[0] : undefined;
}
