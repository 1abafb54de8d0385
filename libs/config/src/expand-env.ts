import { ConfigError } from "./config-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Replaces references to environment variables in the text of a configuration, before it is read as YAML: `${VAR}`,
 * `${VAR:-default}`, `${VAR:default}`, `${VAR:2:3}` (a substring), `${VAR^^}`, `${VAR#prefix}`, `${VAR/a/b}`, `${#VAR}`.
 * `$$` is one `$`; a `$` before anything else stays. Throws ConfigError for `${…}` of another form.
 */
export function expandEnv(text: string, env: Environment): string {
  return text.replace(/\$\$|\$\{([^}]*)\}/g, (reference, body: string | undefined) =>
    body === undefined ? "$" : valueOf(body, reference, env),
  );
}

function valueOf(body: string, reference: string, env: Environment): string {
  const [, length = "", name = "", operation = ""] = /^(#?)([A-Za-z_][A-Za-z0-9_]*)(.*)$/s.exec(body) ?? [];
  if (name === "") throw badSyntax(reference);
  const value = env[name] ?? "";
  if (length === "#") return String(Array.from(value).length);
  if (operation === "") return value;
  return (
    withDefault(value, operation) ??
    inCase(value, operation) ??
    stripped(value, operation) ??
    replaced(value, operation) ??
    raise(badSyntax(reference))
  );
}

function withDefault(value: string, operation: string): string | undefined {
  const fallback = /^(?::[-=?+]|=)(.*)$/s.exec(operation);
  if (fallback) return value === "" ? fallback[1]! : value;
  const range = /^:(\d+)(?::(\d+))?$/.exec(operation);
  if (range) return substring(value, Number(range[1]), range[2]);
  if (operation.startsWith(":")) return value === "" ? operation.slice(1) : value;
  return undefined;
}

function substring(value: string, start: number, length: string | undefined): string {
  return value.slice(start, length === undefined ? undefined : start + Number(length));
}

function inCase(value: string, operation: string): string | undefined {
  switch (operation) {
    case "^":
      return value.slice(0, 1).toUpperCase() + value.slice(1);
    case "^^":
      return value.toUpperCase();
    case ",":
      return value.slice(0, 1).toLowerCase() + value.slice(1);
    case ",,":
      return value.toLowerCase();
    default:
      return undefined;
  }
}

function stripped(value: string, operation: string): string | undefined {
  const [, end, twice, pattern = ""] = /^([#%])(\1?)(.*)$/s.exec(operation) ?? [];
  if (end === undefined) return undefined;
  const glob = globPattern(pattern, twice !== "");
  if (end === "#") return value.replace(new RegExp(`^${glob}`, "s"), "");
  const longest = new RegExp(`^${twice === "" ? "(.*)" : "(.*?)"}${globPattern(pattern, true)}$`, "s").exec(value);
  return longest ? longest[1]! : value;
}

function replaced(value: string, operation: string): string | undefined {
  const [, mode, from = "", to = ""] = /^\/([/#%]?)([^/]*)(?:\/(.*))?$/s.exec(operation) ?? [];
  if (mode === undefined) return undefined;
  const glob = globPattern(from, true);
  const pattern = mode === "#" ? `^${glob}` : mode === "%" ? `${glob}$` : glob;
  return value.replace(new RegExp(pattern, mode === "/" ? "gs" : "s"), () => to);
}

function globPattern(glob: string, greedy: boolean): string {
  const star = greedy ? ".*" : ".*?";
  return glob.replace(/[*?]|[.+^${}()|[\]\\/]/g, (char) => (char === "*" ? star : char === "?" ? "." : `\\${char}`));
}

const badSyntax = (reference: string): ConfigError =>
  new ConfigError(`bad substitution ${reference}: expected \${VAR} or \${VAR:default}`);

function raise(error: Error): never {
  throw error;
}
