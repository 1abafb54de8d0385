import type { Logger } from "@ratatosk/observability";
import { RatatoskError } from "@ratatosk/model";
import { yaml } from "./yaml.ts";

interface Options {
  readonly filename: string;
  readonly ignoreInvalidYaml: boolean;
  readonly log: Logger;
}

/**
 * The entries of a positions file. What a power cut leaves (NUL bytes, a last line cut short) is worked around: readable
 * lines count, or the copy before. Other text that is no YAML is refused.
 */
export function parsePositions(
  text: string | undefined,
  backup: string | undefined,
  options: Options,
): Map<string, string> {
  if (text === undefined) return new Map();
  const { filename, ignoreInvalidYaml, log } = options;
  try {
    return entriesOf(text);
  } catch (error) {
    if (/^\0+$/.test(text) || text.includes("\0") || isCutOff(text)) {
      log.error({ filename }, "the positions file is damaged, using what can be read of it");
      const lines = readableLines(text);
      return lines.size > 0 || backup === undefined ? lines : readableLines(backup);
    }
    if (!ignoreInvalidYaml) {
      const why = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
      throw new RatatoskError("bad_request", `invalid yaml positions file [${filename}]: yaml: ${why}`, {
        cause: error,
      });
    }
    log.warn({ filename }, "the positions file is no YAML and is ignored");
    return new Map();
  }
}

/** `positions:` and a line for each key, sorted, values quoted. */
export function printPositions(positions: ReadonlyMap<string, string>): string {
  if (positions.size === 0) return "positions: {}\n";
  const rows = [...positions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `  ${scalar(key)}: ${quoted(value)}\n`);
  return `positions:\n${rows.join("")}`;
}

/** Texts that are plain in YAML without anybody looking: paths, names, cursors. */
const plain = /^[/A-Za-z][\w/.-]*$/;
const words = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

const scalar = (text: string): string =>
  plain.test(text) && !words.test(text) ? text : yaml().stringify(text, { lineWidth: 0 }).trimEnd();

/** Numbers are quoted, so that they stay text. */
const quoted = (value: string): string => (/^\d+$/.test(value) ? `"${value}"` : scalar(value));

function entriesOf(text: string): Map<string, string> {
  const parsed = yaml().parse(text, { schema: "failsafe" }) as { positions?: Record<string, unknown> } | null;
  if (parsed !== null && typeof parsed !== "object") throw new Error("expected a mapping");
  const positions = parsed?.positions ?? {};
  if (typeof positions !== "object") throw new Error("positions: expected a mapping");
  return new Map(Object.entries(positions).map(([key, value]) => [key, String(value)]));
}

const lineShape = /^ {2}(\S.*): "?([^"]+)"?$/;

const isCutOff = (text: string): boolean =>
  text.startsWith("positions:\n") &&
  text
    .trimEnd()
    .split("\n")
    .slice(1, -1)
    .every((line) => lineShape.test(line));

function readableLines(text: string): Map<string, string> {
  const rows = text
    .split("\n")
    .slice(0, -1)
    .flatMap((line) => [lineShape.exec(line) ?? []]);
  return new Map(rows.filter(([, key]) => key !== undefined).map(([, key, value]) => [key!, value!]));
}
