import { ConversionError } from "./go-float.ts";

/** Steps into a JSON value: a key of an object or an index of an array. */
export type JsonPath = readonly (string | number)[];

interface PathToken {
  readonly kind: "DOT" | "LSB" | "RSB" | "STRING" | "FIELD" | "INDEX" | "$end";
  readonly text: string;
}

const token = /[ \t\r\n]*(?:(\.)|(\[)|(\])|"([^"\]]*)"?|([A-Za-z_][A-Za-z0-9_]*)|(\d+)|$)/y;

/** Reads `user.name`, `tags[1]` or `["any key"].x`. Throws ConversionError with Loki's text. */
export function parseJsonPath(text: string): JsonPath {
  const tokens = tokenize(text);
  const path: (string | number)[] = [];
  for (let at = 0; tokens[at]!.kind !== "$end";) at = step(text, tokens, at, path);
  if (path.length === 0) throw unexpected(text, tokens[0]!, ["LSB", "FIELD"]);
  return path;
}

function step(text: string, tokens: readonly PathToken[], at: number, path: (string | number)[]): number {
  const first = tokens[at]!;
  const isFirst = path.length === 0;
  if (first.kind === "FIELD" && isFirst) {
    path.push(first.text);
    return at + 1;
  }
  if (first.kind === "DOT" && !isFirst) {
    if (tokens[at + 1]!.kind !== "FIELD") throw unexpected(text, tokens[at + 1]!, ["FIELD"]);
    path.push(tokens[at + 1]!.text);
    return at + 2;
  }
  if (first.kind !== "LSB") throw unexpected(text, first, isFirst ? ["LSB", "FIELD"] : []);
  const inner = tokens[at + 1]!;
  if (inner.kind !== "STRING" && inner.kind !== "INDEX") throw unexpected(text, inner, ["STRING", "INDEX"]);
  if (tokens[at + 2]!.kind !== "RSB") throw unexpected(text, tokens[at + 2]!, ["RSB"]);
  path.push(inner.kind === "INDEX" ? Number(inner.text) : inner.text);
  return at + 3;
}

function tokenize(text: string): PathToken[] {
  const tokens: PathToken[] = [];
  token.lastIndex = 0;
  for (let end = 0; ; end = token.lastIndex) {
    const match = token.exec(text);
    if (match === null) throw badChar(text, text.slice(end).trimStart()[0]!);
    tokens.push(tokenOf(match));
    if (tokens.at(-1)!.kind === "$end") return tokens;
  }
}

function tokenOf([, dot, open, close, string, field, index]: RegExpExecArray): PathToken {
  if (dot !== undefined) return { kind: "DOT", text: dot };
  if (open !== undefined) return { kind: "LSB", text: open };
  if (close !== undefined) return { kind: "RSB", text: close };
  if (string !== undefined) return { kind: "STRING", text: string };
  if (field !== undefined) return { kind: "FIELD", text: field };
  if (index !== undefined) return { kind: "INDEX", text: index };
  return { kind: "$end", text: "" };
}

function unexpected(text: string, { kind }: PathToken, expected: readonly string[]): ConversionError {
  const tail = expected.length > 0 ? `, expecting ${expected.join(" or ")}` : "";
  return new ConversionError(`cannot parse expression [${text}]: syntax error: unexpected ${kind}${tail}`);
}

function badChar(text: string, char: string): ConversionError {
  return new ConversionError(`cannot parse expression [${text}]: unexpected char ${char}`);
}

/** Reads the key of a `logfmt` extraction: a bare name, or any key in double quotes. */
export function parseLogfmtKey(text: string): string {
  const match = /^\s*(?:([A-Za-z_][A-Za-z0-9_]*)|"([^"]*)")\s*$/.exec(text);
  if (match) return (match[1] ?? match[2])!;
  if (text.trim() === "")
    throw new ConversionError(
      `cannot parse expression [${text}]: syntax error: unexpected $end, expecting KEY or STRING`,
    );
  throw badChar(text, text.replace(/^\s*[A-Za-z_][A-Za-z0-9_]*/, "").trimStart()[0]!);
}
