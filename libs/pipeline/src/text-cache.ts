const slots = 4096;
const longestCached = 48;
/** Every cache begins with these, and copies them once it keeps a text: many a stage never meets one. */
const noTexts: string[] = Array.from({ length: slots }, () => "");

/**
 * Turns bytes into strings. Short ASCII texts that come again (levels, methods, paths) are looked up instead of made,
 * which costs a third of a slice and makes no garbage.
 */
export class TextCache {
  #texts = noTexts;

  /** The text of `bytes[start … end)`; every invalid byte and U+FFFD becomes `replacement`. */
  text(bytes: Buffer, start: number, end: number, replacement = "\ufffd"): string {
    if (end - start > longestCached) return decode(bytes, start, end, replacement);
    let hash = 0;
    let union = 0;
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      hash = Math.imul(hash ^ byte, 0x01000193);
      union |= byte;
    }
    if (union >= 0x80) return decode(bytes, start, end, replacement);
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const known = this.#texts[slot]!;
    if (sameText(known, bytes, start, end)) return known;
    if (this.#texts === noTexts) this.#texts = noTexts.slice();
    return (this.#texts[slot] = bytes.toString("latin1", start, end));
  }
}

function sameText(text: string, bytes: Buffer, start: number, end: number): boolean {
  const length = end - start;
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

function decode(bytes: Buffer, start: number, end: number, replacement: string): string {
  const text = bytes.toString("utf8", start, end);
  return text.includes("\ufffd") ? decodeAsGo(bytes, start, end, replacement) : text;
}

const wellFormed = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Every byte that is not part of a well-formed rune stands for itself, as in Go; U+FFFD counts as malformed too. */
export function decodeAsGo(bytes: Uint8Array, start: number, end: number, replacement: string): string {
  let text = "";
  for (let i = start; i < end;) {
    const size = runeSize(bytes[i]!);
    const rune = i + size <= end ? tryDecode(bytes.subarray(i, i + size)) : undefined;
    text += rune === undefined || rune === "\ufffd" ? replacement : rune;
    i += rune === undefined ? 1 : size;
  }
  return text;
}

const runeSize = (lead: number): number => (lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);

function tryDecode(bytes: Uint8Array): string | undefined {
  try {
    return wellFormed.decode(bytes);
  } catch {
    return undefined;
  }
}
