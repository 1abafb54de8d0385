import { quote } from "@ratatosk/model";
import { formatValue } from "../format/print.ts";
import { fn, type Functions } from "../function.ts";
import { legacyStringFunctions, stringFunctions } from "../logql/strings.ts";
import { goLower, goUpper } from "../logql/text.ts";
import { byteLength, sliceBytes } from "../byte-text.ts";
import type { Value } from "../value.ts";

const notNil = (values: readonly Value[]): Value[] => values.filter((value) => value !== undefined);

/** Sprig's functions over text. */
export const sprigStrings: Functions = {
  ...stringFunctions,
  ...legacyStringFunctions,
  trimall: stringFunctions["trimAll"]!,
  abbrev: fn("int, string", abbreviate),
  nospace: fn("string", (text: string) => text.replace(/\p{White_Space}+/gu, "")),
  initials: fn("string", (text: string) =>
    words(text)
      .map((word) => Array.from(word)[0])
      .join(""),
  ),
  swapcase: fn("string", (text: string) =>
    Array.from(text, (char) => (goUpper(char) === char ? goLower(char) : goUpper(char))).join(""),
  ),
  untitle: fn("string", (text: string) =>
    text.replace(/(^|[^\p{L}\p{Nd}_'])(\p{L})/gu, (_, before: string, letter: string) => before + goLower(letter)),
  ),
  snakecase: fn("string", (text: string) => joinedWords(text, "_")),
  kebabcase: fn("string", (text: string) => joinedWords(text, "-")),
  camelcase: fn("string", (text: string) =>
    text.toLowerCase().replace(/(^|[\s_-]+)(.?)/gu, (_, _connector: string, letter: string) => goUpper(letter)),
  ),
  wrap: fn("int, string", (width: bigint, text: string) => wrap(text, Number(width), "\n")),
  wrapWith: fn("int, string, string", (width: bigint, separator: string, text: string) =>
    wrap(text, Number(width), separator),
  ),
  plural: fn("string, string, int", (one: string, many: string, count: bigint) => (count === 1n ? one : many)),
  quote: fn("...any", (...values: Value[]) =>
    notNil(values)
      .map((value) => quote(formatValue(value)))
      .join(" "),
  ),
  squote: fn("...any", (...values: Value[]) =>
    notNil(values)
      .map((value) => `'${formatValue(value)}'`)
      .join(" "),
  ),
  cat: fn("...any", (...values: Value[]) => notNil(values).map(formatValue).join(" ")),
  toString: fn("any", (value: Value) => (value === undefined ? "<nil>" : formatValue(value))),
};

const words = (text: string): string[] => text.split(/\p{White_Space}+/u).filter((word) => word !== "");

function abbreviate(width: bigint, text: string): string {
  const most = Number(width);
  return most < 4 || byteLength(text) <= most ? text : `${sliceBytes(text, 0, most - 3)}...`;
}

/** `HTTPServer two` with `_` is `http_server_two`. */
const joinedWords = (text: string, connector: string): string =>
  text
    .replace(/(\p{Ll}|\p{Nd})(\p{Lu})/gu, `$1${connector}$2`)
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, `$1${connector}$2`)
    .replace(/[\s_-]+/g, connector)
    .toLowerCase();

/** Breaks lines between words; a word longer than the width stays whole. */
function wrap(text: string, width: number, separator: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of words(text)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(separator);
}
