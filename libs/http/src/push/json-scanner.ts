import { broken } from "./body-errors.ts";

const quoteByte = 0x22;
const backslash = 0x5c;
const maxDepth = 10_000;

/** 1 for the bytes that stand for themselves in a JSON string. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte !== quoteByte && byte !== backslash ? 1 : 0,
);
const escapes: Readonly<Record<number, number>> = {
  0x22: 0x22,
  0x2f: 0x2f,
  0x5c: 0x5c,
  0x62: 0x08,
  0x66: 0x0c,
  0x6e: 0x0a,
  0x72: 0x0d,
  0x74: 0x09,
};

/**
 * Walks JSON as bytes. Strings are told as offsets (`from`, `to`); one with escapes is written plain over its own
 * bytes, which never takes more room. Throws bad_request at the first byte that is no JSON.
 */
export class JsonScanner {
  readonly bytes: Uint8Array;
  at = 0;
  /** Where the content of the string read last begins and ends. */
  from = 0;
  to = 0;
  readonly #buffer: Buffer;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The next byte that is no white space, not consumed; 0 at the end. */
  peek(): number {
    const { bytes } = this;
    let { at } = this;
    let byte = bytes[at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at];
    this.at = at;
    return byte ?? 0;
  }

  /** Consumes the byte if it comes next. */
  take(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.at++;
    return true;
  }

  expect(byte: number, where: string): void {
    if (!this.take(byte)) throw this.unexpected(`${where}: expected ${String.fromCharCode(byte)}`);
  }

  /** Consumes a string, whose content is then `from` … `to`. */
  string(where: string): void {
    this.expect(quoteByte, where);
    const { bytes } = this;
    let { at } = this;
    const stands = plain;
    this.from = at;
    while (stands[bytes[at]!] === 1) at++;
    this.to = at;
    if (bytes[at] === quoteByte) this.at = at + 1;
    else this.#escaped(at);
  }

  /** The string read last. */
  text(): string {
    return this.#buffer.toString("utf8", this.from, this.to);
  }

  /** Consumes a string that must be text to us. */
  stringText(where: string): string {
    this.string(where);
    return this.text();
  }

  /** Whether the string read last is `text` (ASCII). */
  is(text: string): boolean {
    if (this.to - this.from !== text.length) return false;
    for (let i = 0; i < text.length; i++) if (this.bytes[this.from + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** Steps to the next member of an object or list: false once it is closed. `first` is true for the first call. */
  next(close: number, first: boolean, where: string): boolean {
    if (first) return !this.take(close);
    if (this.take(0x2c)) return true;
    if (this.take(close)) return false;
    throw this.unexpected(`${where}: expected , or ${String.fromCharCode(close)}`);
  }

  /** Consumes `null` if it comes next. */
  null(): boolean {
    if (this.peek() !== 0x6e) return false;
    this.#literal("null");
    return true;
  }

  /** Consumes any value. */
  skip(where: string): void {
    const open: number[] = [];
    do {
      const byte = this.peek();
      if (byte === 0x7b || byte === 0x5b) {
        if (open.length === maxDepth) throw this.unexpected(`${where}: exceeded max depth`);
        this.at++;
        const close = byte + 2;
        if (this.take(close)) this.#closeAll(open, where);
        else {
          open.push(close);
          if (close === 0x7d) this.#key(where);
        }
        continue;
      }
      this.#scalar(byte, where);
      this.#closeAll(open, where);
    } while (open.length > 0);
  }

  /** An error that tells what was found. */
  unexpected(message: string): Error {
    const found =
      this.at < this.bytes.length ? JSON.stringify(this.#buffer.toString("utf8", this.at, this.at + 1)) : "the end";
    return broken(`${message}, but found ${found} at byte ${this.at}`);
  }

  /** After a value: closes what ends here, steps over one comma where the next value follows. */
  #closeAll(open: number[], where: string): void {
    while (open.length > 0) {
      const close = open.at(-1)!;
      if (this.next(close, false, where)) {
        if (close === 0x7d) this.#key(where);
        return;
      }
      open.pop();
    }
  }

  #key(where: string): void {
    this.string(where);
    this.expect(0x3a, where);
  }

  #scalar(byte: number, where: string): void {
    if (byte === quoteByte) this.string(where);
    else if (byte === 0x74) this.#literal("true");
    else if (byte === 0x66) this.#literal("false");
    else if (byte === 0x6e) this.#literal("null");
    else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) this.#number(where);
    else throw this.unexpected(`${where}: expected a value`);
  }

  #literal(word: string): void {
    if (this.#buffer.toString("latin1", this.at, this.at + word.length) !== word)
      throw this.unexpected(`expected ${word}`);
    this.at += word.length;
  }

  #number(where: string): void {
    const { bytes } = this;
    const from = this.at;
    let { at } = this;
    for (let byte = bytes[at]!; numeric(byte); byte = bytes[++at]!);
    if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(this.#buffer.toString("latin1", from, at)))
      throw this.unexpected(`${where}: expected a number`);
    this.at = at;
  }

  /** The rest of a string from its first escape (or fault) on, written plain over itself. */
  #escaped(at: number): void {
    const { bytes } = this;
    const stands = plain;
    let to = at;
    for (;;) {
      while (stands[bytes[at]!] === 1) bytes[to++] = bytes[at++]!;
      const byte = bytes[at];
      if (byte === undefined) throw broken("readStringSlowPath: unexpected end of input");
      at++;
      if (byte === quoteByte) break;
      if (byte < 0x20) throw broken(`invalid control character found: ${byte}`);
      if (bytes[at] === 0x75) {
        const code = this.#unicode(at + 1);
        const pair = isHigh(code) && bytes[at + 5] === backslash && bytes[at + 6] === 0x75 ? this.#unicode(at + 7) : 0;
        const whole = isLow(pair) ? 0x10000 + ((code - 0xd800) << 10) + (pair - 0xdc00) : code;
        at += isLow(pair) ? 11 : 5;
        to = writeUtf8(bytes, to, whole);
      } else {
        const plainByte = escapes[bytes[at] ?? 0];
        if (plainByte === undefined) throw broken("readEscapedChar: invalid escape char after \\");
        bytes[to++] = plainByte;
        at++;
      }
    }
    this.to = to;
    this.at = at;
  }

  #unicode(at: number): number {
    const digits = this.#buffer.toString("latin1", at, at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw broken("readU4: expected four hexadecimal digits after \\u");
    return Number.parseInt(digits, 16);
  }
}

const numeric = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2b || byte === 0x2e || byte === 0x65 || byte === 0x45;
const isHigh = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
const isLow = (code: number): boolean => code >= 0xdc00 && code < 0xe000;

/** Writes a code point as UTF-8; a lone surrogate as U+FFFD. Returns where the next byte goes. */
function writeUtf8(bytes: Uint8Array, to: number, point: number): number {
  const code = point >= 0xd800 && point < 0xe000 ? 0xfffd : point;
  if (code < 0x80) {
    bytes[to] = code;
    return to + 1;
  }
  const tail = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  bytes[to] = ((0xf00 >> (tail + 1)) & 0xff) | (code >> (6 * tail));
  for (let i = tail; i > 0; i--) bytes[to + 1 + tail - i] = 0x80 | ((code >> (6 * (i - 1))) & 0x3f);
  return to + tail + 1;
}
