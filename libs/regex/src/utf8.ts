import { isUtf8 } from "node:buffer";

const replacement = "\uFFFD";

/** The text of UTF-8 bytes, each invalid byte as one U+FFFD, as Go sees it. */
export function decodeUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString("utf8", start, end);
  return text.includes(replacement) ? decodeBroken(buffer.subarray(start, end)) : text;
}

function decodeBroken(bytes: Buffer): string {
  let text = "";
  let at = 0;
  while (at < bytes.length) {
    const end = validUntil(bytes, at);
    text += bytes.toString("utf8", at, end);
    if (end < bytes.length) text += replacement;
    at = end + 1;
  }
  return text;
}

/** Where the first byte lies, at or after `at`, that begins no valid sequence. */
function validUntil(bytes: Buffer, at: number): number {
  while (at < bytes.length) {
    const width = sequenceWidth(bytes, at);
    if (width === 0) return at;
    at += width;
  }
  return at;
}

function sequenceWidth(bytes: Buffer, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const width = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return at + width <= bytes.length && isUtf8(bytes.subarray(at, at + width)) ? width : 0;
}
