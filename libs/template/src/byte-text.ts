const plain = /^[\x00-\x7f]*$/;
const loneByte = /[\udc80-\udcff]/;
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of a text; a lone surrogate U+DC80 … U+DCFF stands for the byte 0x80 … 0xFF. */
export function toBytes(text: string): Uint8Array {
  if (text.isWellFormed() || !loneByte.test(text)) return Buffer.from(text, "utf8");
  const parts: Buffer[] = [];
  for (const char of text) {
    const code = char.codePointAt(0)!;
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(char, "utf8"));
  }
  return Buffer.concat(parts);
}

/** The text of bytes; each byte that is no UTF-8 becomes a lone surrogate, so that `toBytes` gives it back. */
export function fromBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return escapeInvalid(bytes);
  }
}

function escapeInvalid(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    text += length === 0 ? String.fromCharCode(0xdc00 + bytes[at]!) : strict.decode(bytes.subarray(at, at + length));
    at += length || 1;
  }
  return text;
}

/** Bytes of the UTF-8 character at `at`, 0 if there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || at + length > bytes.length) return 0;
  try {
    strict.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}

/** The length in UTF-8 bytes, as Go's `len`. */
export function byteLength(text: string): number {
  return plain.test(text) ? text.length : toBytes(text).length;
}

/** The bytes [from, to) of a text. */
export function sliceBytes(text: string, from: number, to: number): string {
  return plain.test(text) ? text.slice(from, to) : fromBytes(toBytes(text).subarray(from, to));
}
