/** The longest text a function may build by repetition. */
const maxRepeated = 16 * 1024 * 1024;

/** Go maps each character to one character: `ß` stays, `İ` has no dotted tail. */
export const goUpper = (text: string): string => mapCharacters(text, text.toUpperCase(), (char) => char.toUpperCase());
export const goLower = (text: string): string => mapCharacters(text, text.toLowerCase(), (char) => char.toLowerCase());

function mapCharacters(text: string, mapped: string, map: (char: string) => string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return mapped;
  return Array.from(text, (char) => {
    const other = map(char);
    return other.length === char.length || Array.from(other).length === 1 ? other : char;
  }).join("");
}

/** Upper-cases the first letter of each word. */
export const goTitle = (text: string): string =>
  text.replace(/(^|[^\p{L}\p{Nd}_'])(\p{L})/gu, (_, before: string, letter: string) => before + goUpper(letter));

const space = "[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const leading = new RegExp(`^${space}`);
const trailing = new RegExp(`${space}$`);

export function goTrimSpace(text: string): string {
  const started = text.replace(leading, "");
  const last = started.charCodeAt(started.length - 1);
  return last <= 32 || last >= 0x85 ? started.replace(trailing, "") : started;
}

/** Removes characters of a set from the sides. */
export function trimChars(text: string, chars: string, side: "both" | "left" | "right" = "both"): string {
  const set = new Set(chars);
  const characters = Array.from(text);
  let from = 0;
  let to = characters.length;
  if (side !== "right") while (from < to && set.has(characters[from]!)) from++;
  if (side !== "left") while (to > from && set.has(characters[to - 1]!)) to--;
  return characters.slice(from, to).join("");
}

export function repeat(text: string, times: bigint): string {
  if (times < 0n) throw new Error("strings: negative Repeat count");
  if (BigInt(text.length) * times > maxRepeated)
    throw new Error(`the result exceeds the limit of ${maxRepeated} characters`);
  return text.repeat(Number(times));
}
