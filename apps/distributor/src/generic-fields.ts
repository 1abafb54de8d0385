import type { Label } from "@ratatosk/model";
import { labelValue } from "@ratatosk/model";
import type { MetadataColumns } from "./metadata-columns.ts";

const pair = /([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g;

/** Copies fields of a line, or of its labels and metadata, to metadata of other names (`discover_generic_fields`). */
export class GenericFields {
  readonly #fields: readonly (readonly [name: string, hints: readonly string[]])[];

  constructor(fields: Readonly<Record<string, readonly string[]>>) {
    this.#fields = Object.entries(fields);
  }

  /** False for most tenants: then no line is looked into. */
  get any(): boolean {
    return this.#fields.length > 0;
  }

  /** Sets on the row just started what is found. */
  discover(line: Buffer, labels: readonly Label[], metadata: MetadataColumns): void {
    const fields = lineFields(line);
    for (const [name, hints] of this.#fields) {
      if (metadata.value(name) !== undefined) continue;
      const found =
        first(hints, (hint) => labelValue(labels, hint)) ??
        first(hints, (hint) => metadata.value(hint)) ??
        first(hints, fields);
      if (found !== undefined) metadata.setText(name, found);
    }
  }
}

function first(hints: readonly string[], valueOf: (hint: string) => string | undefined): string | undefined {
  for (const hint of hints) {
    const value = valueOf(hint);
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}

/** Looks a field up in a JSON line by path (`a.b`), or in a logfmt line by key. */
function lineFields(line: Buffer): (hint: string) => string | undefined {
  const text = line.toString().trim();
  if (text.startsWith("{") && text.endsWith("}")) return jsonFields(text);
  const pairs = new Map<string, string>();
  if (text.includes("="))
    for (const [, key, quoted, bare] of text.matchAll(pair))
      if (!pairs.has(key!)) pairs.set(key!, quoted ?? bare ?? "");
  return (hint) => pairs.get(hint);
}

function jsonFields(text: string): (hint: string) => string | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return () => undefined;
  }
  return (hint) => {
    const value = member(document, hint) ?? hint.split(".").reduce(member, document);
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : undefined;
  };
}

const member = (of: unknown, key: string): unknown =>
  typeof of === "object" && of !== null && Object.hasOwn(of, key) ? (of as Record<string, unknown>)[key] : undefined;
