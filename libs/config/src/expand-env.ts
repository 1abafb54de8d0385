import { ConfigError } from "./config-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Replaces references to environment variables in the text of a configuration, before it is read as YAML: `${VAR}`,
 * `${VAR:-default}`, `${VAR:default}`, `${VAR:2:3}` (a substring), `${VAR^^}`, `${VAR#prefix}`, `${VAR/a/b}`, `${#VAR}`;
 * defaults may refer to further variables. `$$` is one `$`; `$NAME` and `$(…)` stay. Throws ConfigError on bad syntax.
 */
export function expandEnv(text: string, env: Environment): string {
  let out = "";
  for (let at = 0; at < text.length;) {
    const dollar = text.indexOf("$", at);
    if (dollar < 0) return out + text.slice(at);
    out += text.slice(at, dollar);
    const next = text[dollar + 1];
    if (next === "$") {
      out += "$";
      at = dollar + 2;
    } else if (next === "{") {
      const end = closingBrace(text, dollar + 2);
      if (end < 0) throw new ConfigError("unable to parse variable name: missing closing brace");
      out += expandOne(text.slice(dollar + 2, end), env);
      at = end + 1;
    } else {
      out += "$";
      at = dollar + 1;
    }
  }
  return out;
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "$" && text[i + 1] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return i;
    else if (text[i] === "\n" && depth === 1) return -1;
  }
  return -1;
}

function expandOne(body: string, env: Environment): string {
  const bad = (): never => {
    throw new ConfigError(`bad substitution: \${${body}}: expected \${VAR} or \${VAR:default}`);
  };
  const length = /^#([A-Za-z_]\w*)$/.exec(body);
  if (length) return String(Array.from(env[length[1]!] ?? "").length);
  const [, name, rest] = /^([A-Za-z_]\w*)([^]*)$/.exec(body) ?? bad();
  const value = env[name!] ?? "";
  const usual = (text: string): string => (value === "" ? expandEnv(text, env) : value);
  if (rest === "") return value;
  if (/^:[-=?+]/.test(rest!)) return usual(rest!.slice(2));
  if (rest!.startsWith("=")) return usual(rest!.slice(1));
  if (/^[-?+]/.test(rest!)) return bad();
  if (rest!.startsWith(":")) return substring(value, rest!.slice(1));
  if (rest!.startsWith("^^")) return value.toUpperCase();
  if (rest!.startsWith(",,")) return value.toLowerCase();
  if (rest!.startsWith("^")) return value.slice(0, 1).toUpperCase() + value.slice(1);
  if (rest!.startsWith(",")) return value.slice(0, 1).toLowerCase() + value.slice(1);
  if (/^[#%]/.test(rest!)) return trim(value, rest!);
  return rest!.startsWith("/") ? replace(value, rest!.slice(1)) : bad();
}

function substring(value: string, operand: string): string {
  const match = /^\s*(-?\d+)(?::(-?\d+))?\s*$/.exec(operand);
  if (match === null) return value === "" ? operand : value;
  const from = Number(match[1]);
  const begin = from < 0 ? Math.max(0, value.length + from) : from;
  if (match[2] === undefined) return value.slice(begin);
  const size = Number(match[2]);
  return value.slice(begin, size < 0 ? value.length + size : begin + size);
}

/** `#` `##` cut a prefix, `%` `%%` a suffix; doubled the longest that matches. */
function trim(value: string, operand: string): string {
  const isSuffix = operand.startsWith("%");
  const isLongest = operand[1] === operand[0];
  const pattern = globExpression(operand.slice(isLongest ? 2 : 1));
  const sizes = Array.from({ length: value.length + 1 }, (_, i) => (isLongest ? value.length - i : i));
  for (const size of sizes) {
    const part = isSuffix ? value.slice(value.length - size) : value.slice(0, size);
    if (pattern.test(part)) return isSuffix ? value.slice(0, value.length - size) : value.slice(size);
  }
  return value;
}

/** `/a/b` first, `//a/b` all, `/#a/b` prefix, `/%a/b` suffix. */
function replace(value: string, operand: string): string {
  const mode = /^[/#%]/.exec(operand)?.[0] ?? "";
  const [from = "", to = ""] = operand.slice(mode.length).split("/", 2);
  if (from === "") return value;
  if (mode === "/") return value.replaceAll(from, () => to);
  if (mode === "#") return value.startsWith(from) ? to + value.slice(from.length) : value;
  if (mode === "%") return value.endsWith(from) ? value.slice(0, -from.length) + to : value;
  return value.replace(from, () => to);
}

const globExpression = (glob: string): RegExp =>
  new RegExp(
    `^${glob.replace(/[\\^$.*+?()[\]{}|]/g, (char) => (char === "*" ? ".*" : char === "?" ? "." : `\\${char}`))}$`,
    "s",
  );
