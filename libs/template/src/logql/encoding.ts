import { fromBytes, toBytes } from "../byte-text.ts";
import { escapeQuery, unescapeQuery } from "../escape.ts";
import { fn, type Functions } from "../function.ts";
import { parseBytes, parseGoDuration } from "./units.ts";
import { fromJson } from "./json.ts";

/** Functions between texts and their encodings. */
export const encodingFunctions: Functions = {
  b64enc: fn("string", (text: string) => Buffer.from(toBytes(text)).toString("base64")),
  b64dec: fn("string", (text: string) => decodeBase64(padded(text))),
  urlencode: fn("string", escapeQuery),
  urldecode: fn("string", unescapeQuery),
  fromJson: fn("string", fromJson),
  bytes: fn("string", parseBytes),
  duration: fn("string", parseGoDuration),
  duration_seconds: fn("string", parseGoDuration),
};

const padded = (text: string): string =>
  text.length % 4 === 1 ? text : text.padEnd(Math.ceil(text.length / 4) * 4, "=");

/** The text, or what is wrong with it: a failure is no error here. */
export function decodeBase64(text: string): string {
  const stripped = text.replace(/[\r\n]/g, "");
  const wrong = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?/.exec(stripped)![0].length;
  if (wrong === stripped.length) return fromBytes(Buffer.from(stripped, "base64"));
  const bad = /[^A-Za-z0-9+/]/.exec(stripped.slice(wrong));
  return `illegal base64 data at input byte ${bad ? wrong + bad.index : stripped.length}`;
}
