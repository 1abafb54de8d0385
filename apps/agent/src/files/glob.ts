import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

const maxAlternatives = 4096;

/** Whether a path matches a pattern: `*`, `?`, `[a-z]`, `[!a]`, `{a,b}`, and `**` as a whole path part. */
export function matchesGlob(pattern: string, path: string): boolean {
  return expandBraces(pattern).some((one) => pathExpression(one).test(path));
}

/**
 * The regular files that a pattern names; directories are passed over, symbolic links followed. `onError` hears of
 * directories that cannot be read, `onDirectory` of each directory in which a file may appear.
 */
export async function expandGlob(
  pattern: string,
  hooks: { onError?: (path: string, error: unknown) => void; onDirectory?: (path: string) => void } = {},
): Promise<string[]> {
  if (await isFile(pattern)) {
    hooks.onDirectory?.(join(pattern, ".."));
    return [pattern];
  }
  const found = new Set<string>();
  for (const one of expandBraces(pattern)) {
    const parts = one.split("/").filter((part, i) => part !== "" || i === 0);
    await walk(one.startsWith("/") ? "/" : ".", one.startsWith("/") ? parts.slice(1) : parts, found, hooks);
  }
  return [...found].sort();
}

async function walk(
  directory: string,
  parts: readonly string[],
  found: Set<string>,
  hooks: { onError?: (path: string, error: unknown) => void; onDirectory?: (path: string) => void },
): Promise<void> {
  const [part, ...rest] = parts;
  if (part === undefined) return;
  if (part === "**") {
    await walk(directory, rest.length > 0 ? rest : ["*"], found, hooks);
    for (const name of await list(directory, hooks))
      if (name.isDirectory()) await walk(join(directory, name.name), parts, found, hooks);
    return;
  }
  if (rest.length > 0 && !hasMagic(part)) return walk(join(directory, part), rest, found, hooks);
  if (!hasMagic(part)) {
    hooks.onDirectory?.(directory);
    const path = join(directory, unescape(part));
    if (await isFile(path)) found.add(path);
    return;
  }
  const expression = partExpression(part);
  hooks.onDirectory?.(directory);
  for (const entry of await list(directory, hooks)) {
    if (!expression.test(entry.name)) continue;
    const path = join(directory, entry.name);
    if (rest.length > 0) {
      if (entry.isDirectory() || entry.isSymbolicLink()) await walk(path, rest, found, hooks);
    } else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path)))) found.add(path);
  }
}

type Listed = { name: string; isDirectory(): boolean; isSymbolicLink(): boolean; isFile(): boolean };

async function list(directory: string, hooks: { onError?: (path: string, error: unknown) => void }): Promise<Listed[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ENOENT" && code !== "ENOTDIR") hooks.onError?.(directory, error);
    return [];
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
const hasMagic = (part: string): boolean => /[*?[\\]/.test(part);
const unescape = (part: string): string => part.replace(/\\(.)/g, "$1");

/** A pattern for each choice of its `{a,b}`, which may be nested. */
export function expandBraces(pattern: string): string[] {
  const open = findOpen(pattern);
  if (open < 0) return [pattern];
  const choices: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let i = open; i < pattern.length; i++) {
    const char = pattern[i]!;
    if (char === "\\") i++;
    else if (char === "{") depth++;
    else if (char === "," && depth === 1) {
      choices.push(pattern.slice(from, i));
      from = i + 1;
    } else if (char === "}" && --depth === 0) {
      choices.push(pattern.slice(from, i));
      const [head, tail] = [pattern.slice(0, open), pattern.slice(i + 1)];
      const all = choices.flatMap((choice) => expandBraces(head + choice + tail));
      if (all.length > maxAlternatives) throw new Error(`pattern ${pattern} has too many alternatives`);
      return all;
    }
  }
  return [pattern];
}

function findOpen(pattern: string): number {
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === "\\") i++;
    else if (pattern[i] === "{") return i;
  }
  return -1;
}

function pathExpression(pattern: string): RegExp {
  const parts = pattern.split("/").map((part) => (part === "**" ? "**" : partSource(part)));
  let source = "";
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1;
    if (part === "**") source += isLast ? ".*" : "(?:[^/]*/)*";
    else source += isLast ? part : `${part}/`;
  }
  return new RegExp(`^${source}$`, "su");
}

const partExpression = (part: string): RegExp => new RegExp(`^${partSource(part)}$`, "su");

function partSource(part: string): string {
  let source = "";
  for (let i = 0; i < part.length; i++) {
    const char = part[i]!;
    if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "[" && part.indexOf("]", i + 2) > 0) {
      const end = part.indexOf("]", i + 2);
      const isNegated = part[i + 1] === "!" || part[i + 1] === "^";
      const body = part
        .slice(i + (isNegated ? 2 : 1), end)
        .replace(/[\\\][^&]/g, (one) => (one === "\\" ? one : `\\${one}`));
      source += `[${isNegated ? "^" : ""}${body}]`;
      i = end;
    } else if (char === "\\" && i + 1 < part.length) source += literal(part[++i]!);
    else source += literal(char);
  }
  return source;
}

const literal = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
