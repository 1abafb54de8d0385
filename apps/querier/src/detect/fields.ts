import { parse, type Stage } from "@ratatosk/logql";
import type { Labels, ResultStream } from "@ratatosk/model";
import { LineParser, sanitizeName } from "@ratatosk/pipeline";
import { DistinctCounter } from "./distinct-counter.ts";
import { type FieldType, fieldType, normalBytes } from "./field-type.ts";

/** A field found in the lines: what its values look like and where it comes from. */
export interface DetectedField {
  readonly label: string;
  type: FieldType;
  readonly values: Set<string>;
  readonly counter: DistinctCounter;
  readonly parsers: Set<string>;
  jsonPath?: readonly string[];
}

const mostValues = 10_000;
const json = stageOf("json");
const logfmt = stageOf("logfmt");

function stageOf(name: string): Stage {
  const expr = parse(`{a="b"} | ${name}`);
  return (expr as Extract<typeof expr, { kind: "log" }>).stages[0]!;
}

/** The fields of sampled lines: structured metadata, labels parsed by the query, and what json or logfmt finds. */
export function detectFields(streams: readonly ResultStream[], stages: readonly Stage[]): DetectedField[] {
  const fields = new Fields();
  const parsers = [new LineParser(json), new LineParser(logfmt)] as const;
  const queried = stages.filter(({ kind }) => kind === "json" || kind === "logfmt").map(({ kind }) => kind);
  for (const { labels, entries } of streams) {
    for (const { line, categories } of entries) {
      fields.addAll(categories?.structuredMetadata ?? [], []);
      fields.addAll(categories?.parsed ?? [], queried);
      const known = [...labels, ...(categories?.structuredMetadata ?? [])];
      const [kind, found] = firstToParse(parsers, known, line);
      fields.addAll(found, [kind]);
      if (kind === "json") fields.addPaths(line);
    }
  }
  return fields.list();
}

function firstToParse(
  [json, logfmt]: readonly [LineParser, LineParser],
  known: Labels,
  line: Uint8Array,
): ["json" | "logfmt", Labels] {
  const found = json.parse(known, line);
  return found === undefined || found.length === 0 ? ["logfmt", logfmt.parse(known, line) ?? []] : ["json", found];
}

class Fields {
  readonly #fields = new Map<string, DetectedField>();

  addAll(labels: Labels, parsers: readonly string[]): void {
    for (const [name, value] of labels) if (!name.startsWith("__error")) this.#add(name, value, parsers);
  }

  #add(label: string, value: string, parsers: readonly string[]): void {
    let field = this.#fields.get(label);
    const type = fieldType(value);
    if (field === undefined)
      this.#fields.set(
        label,
        (field = { label, type, values: new Set(), counter: new DistinctCounter(), parsers: new Set() }),
      );
    field.type = type;
    const shown = type === "bytes" ? normalBytes(value) : value;
    if (field.values.size < mostValues) field.values.add(shown);
    field.counter.add(shown);
    for (const parser of parsers) field.parsers.add(parser);
  }

  /** Remembers where in the JSON the fields come from. */
  addPaths(line: Uint8Array): void {
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(line).toString());
    } catch {
      return;
    }
    this.#walk(value, []);
  }

  #walk(value: unknown, path: readonly string[]): void {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      const own = [...path, key];
      const name = sanitizeName(own.join("_"));
      for (const label of [name, `${name}_extracted`]) {
        const field = this.#fields.get(label);
        if (field?.parsers.has("json") === true) field.jsonPath ??= own;
      }
      this.#walk(inner, own);
    }
  }

  list(): DetectedField[] {
    return [...this.#fields.values()];
  }
}
