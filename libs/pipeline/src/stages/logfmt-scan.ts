import { WrittenKeys } from "../written-keys.ts";

/** The kinds of fault in a logfmt line; `logfmt --strict` names them. */
export type LogfmtFault =
  | "unexpected '='"
  | "unexpected '\"'"
  | "invalid key"
  | "unterminated quoted value"
  | "invalid quoted value";

const equals = 0x3d;
const quote = 0x22;
const backslash = 0x5c;

/** Bytes that end a key, or a value without quotes. */
const endsWord = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte <= 0x20 || byte === equals || byte === quote),
);

/** Reads a line pair by pair. After `next`, the fields tell the pair, or the fault. Keys have a meaning to its user. */
export class LogfmtScanner<T> {
  keyStart = 0;
  keyEnd = 0;
  /** What the pair's key means, where it is the one that was expected; else the user has to tell by `learn`. */
  meaning: T | undefined;
  valueStart = 0;
  valueEnd = 0;
  /** The value lay in quotes and holds escapes. */
  escaped = false;
  fault: LogfmtFault | undefined;
  /** Where the fault is, counted from 1. */
  faultAt = 0;
  readonly #keys = new WrittenKeys<T>();
  #bytes: Uint8Array = new Uint8Array();
  #start = 0;
  #at = 0;
  #end = 0;

  open(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#start = start;
    this.#at = start;
    this.#end = end;
    this.#keys.open();
  }

  /** What the pair's key means, if it came before with the same text. */
  known(text: string): T | undefined {
    return this.#keys.known(text);
  }

  /** Notes what the pair's key means. */
  learn(text: string, meaning: T): T {
    const hasValue = this.#bytes[this.keyEnd] === equals && this.keyEnd < this.#end;
    return hasValue ? this.#keys.learn(text, meaning, this.#bytes, this.keyStart, this.keyEnd + 1) : meaning;
  }

  /** Moves to the next pair or fault; false at the end of the line. */
  next(): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = this.#at;
    while (at < end && bytes[at]! <= 0x20) at++;
    if (at >= end) return false;
    this.fault = undefined;
    this.escaped = false;
    this.keyStart = at;
    this.meaning = this.#keys.expected(bytes, at, end);
    if (this.meaning !== undefined) {
      at += this.#keys.length;
      this.keyEnd = at - 1;
      return this.#value(at);
    }
    while (at < end && endsWord[bytes[at]!] === 0) at++;
    this.keyEnd = at;
    this.valueStart = this.valueEnd = at;
    if (at < end && bytes[at] === quote) return this.#fail("unexpected '\"'", at);
    if (at < end && bytes[at] === equals) {
      if (at === this.keyStart) return this.#fail("unexpected '='", at);
      return this.#value(at + 1);
    }
    this.#at = at;
    return true;
  }

  #value(start: number): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    if (start < end && bytes[start] === quote) return this.#quoted(start + 1);
    let at = start;
    while (at < end && endsWord[bytes[at]!] === 0) at++;
    if (at < end && bytes[at]! > 0x20)
      return this.#fail(bytes[at] === equals ? "unexpected '='" : "unexpected '\"'", at);
    this.valueStart = start;
    this.valueEnd = this.#at = at;
    return true;
  }

  #quoted(start: number): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === backslash) {
        this.escaped = true;
        at++;
      } else if (byte === quote) {
        this.valueStart = start;
        this.valueEnd = at;
        this.#at = at + 1;
        return true;
      }
    }
    this.#at = end;
    return this.#fail("unterminated quoted value", end);
  }

  /** The value turned out to hold a wrong escape. */
  failValue(): void {
    this.#fail("invalid quoted value", this.valueEnd);
  }

  #fail(fault: LogfmtFault, at: number): boolean {
    this.fault = fault;
    this.faultAt = at - this.#start + 1;
    let rest = Math.max(this.#at, at);
    while (rest < this.#end && this.#bytes[rest]! > 0x20) rest++;
    this.#at = rest;
    return true;
  }
}
