import { RatatoskError } from "./errors.ts";
import type { Label, Labels } from "./labels.ts";

const pair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:, |\}$)/y;
const escaped = /\\(?:([abfnrtv\\"])|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))/g;
const short: Record<string, string> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
};

/** The labels of a stream's canonical text, as `formatLabels` writes it. Throws bad_request for any other text. */
export function parseLabels(stream: string): Labels {
  if (stream === "{}") return [];
  const labels: Label[] = [];
  for (let at = 1; at !== stream.length || at === 1; at = pair.lastIndex) {
    pair.lastIndex = at;
    const found = pair.exec(stream);
    if (found === null || stream[0] !== "{")
      throw new RatatoskError("bad_request", `not the text of a stream's labels: ${stream.slice(0, 200)}`);
    labels.push([found[1]!, unquote(found[2]!)]);
  }
  return labels;
}

function unquote(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(escaped, (_, letter?: string, ...codes: (string | undefined)[]) => {
    const code = codes.slice(0, 3).find((digits) => digits !== undefined);
    return letter === undefined ? String.fromCodePoint(Math.min(parseInt(code!, 16), 0x10ffff)) : short[letter]!;
  });
}
