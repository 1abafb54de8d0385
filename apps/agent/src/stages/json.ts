import jmespath from "jmespath";
import type { Extracted } from "../entry.ts";
import type { StageConfig } from "./build-stages.ts";
import { goJson } from "./json-text.ts";
import { checkSource, sourceText } from "./source-text.ts";

export interface JsonOptions {
  /** Extracted name → JMESPath; an empty one is the name itself. */
  readonly expressions: ReadonlyMap<string, string>;
  readonly source?: string;
  readonly dropMalformed?: boolean;
}

interface Search {
  readonly name: string;
  readonly search: (data: object) => unknown;
}

const names = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/** `json`: values found by JMESPath in an object become extracted; what the line lacks is null. */
export function jsonStage({ expressions, source, dropMalformed = false }: JsonOptions): StageConfig["build"] {
  if (expressions.size === 0) throw new Error("JMES expression is required");
  checkSource(source);
  const searches = [...expressions].map(([name, path]) => compileSearch(name, path === "" ? name : path));
  return () => ({
    process(entry, emit) {
      const text = sourceText(entry, source);
      const data = text === undefined ? undefined : parseObject(text);
      if (data === undefined && dropMalformed && (source === undefined || text !== undefined)) return;
      if (data !== undefined)
        for (const { name, search } of searches) entry.extracted.set(name, extractedOf(search(data)));
      emit(entry);
    },
  });
}

/** Names and paths of names are looked up, everything else is searched by JMESPath. */
function compileSearch(name: string, path: string): Search {
  if (names.test(path)) {
    const parts = path.split(".");
    return { name, search: (data) => lookUp(data, parts) };
  }
  try {
    jmespath.search({}, path);
  } catch (error) {
    const { name: kind, message } = error as Error;
    if (kind === "ParserError" || kind === "LexerError")
      throw new Error(`could not compile JMES expression: ${message}`, { cause: error });
  }
  return { name, search: (data) => searchPath(data, path) };
}

function lookUp(data: object, parts: readonly string[]): unknown {
  let value: unknown = data;
  for (const part of parts) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return null;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

function searchPath(data: object, path: string): unknown {
  try {
    return jmespath.search(data, path);
  } catch {
    return null;
  }
}

/** The object of a JSON text; null counts as an empty one. */
export function parseObject(text: string): object | undefined {
  try {
    const data: unknown = JSON.parse(text);
    if (data === null) return {};
    return typeof data === "object" && !Array.isArray(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function extractedOf(value: unknown): Extracted {
  if (value === undefined || value === null) return null;
  if (typeof value === "object") return goJson(value);
  return value as string | number | boolean;
}
