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

/** Reads a line pair by pair. After `next`, the fields tell the pair, or the fault. */
export class LogfmtScanner {
  keyStart = 0;
  keyEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  /** The value lay in quotes and holds escapes. */
  escaped = false;
  fault: LogfmtFault | undefined;
  /** Where the fault is, counted from 1. */
  faultAt = 0;
  #bytes: Uint8Array = new Uint8Array();
  #start = 0;
  #at = 0;
  #end = 0;

  open(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#start = start;
    this.#at = start;
    this.#end = end;
  }

  /** Moves to the next pair or fault; false at the end of the line. */
  next(): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    while (at < this.#end && bytes[at]! <= 0x20) at++;
    if (at >= this.#end) return false;
    this.fault = undefined;
    this.escaped = false;
    this.keyStart = at;
    while (at < this.#end && bytes[at] !== equals && bytes[at] !== quote && bytes[at]! > 0x20) at++;
    this.keyEnd = at;
    this.valueStart = this.valueEnd = at;
    if (at < this.#end && bytes[at] === quote) return this.#fail("unexpected '\"'", at);
    if (at < this.#end && bytes[at] === equals) {
      if (at === this.keyStart) return this.#fail("unexpected '='", at);
      return this.#value(at + 1);
    }
    this.#at = at;
    return true;
  }

  #value(start: number): boolean {
    const bytes = this.#bytes;
    if (start < this.#end && bytes[start] === quote) return this.#quoted(start + 1);
    let at = start;
    while (at < this.#end && bytes[at]! > 0x20) {
      if (bytes[at] === equals) return this.#fail("unexpected '='", at);
      if (bytes[at] === quote) return this.#fail("unexpected '\"'", at);
      at++;
    }
    this.valueStart = start;
    this.valueEnd = this.#at = at;
    return true;
  }

  #quoted(start: number): boolean {
    const bytes = this.#bytes;
    for (let at = start; at < this.#end; at++) {
      if (bytes[at] === backslash) {
        this.escaped = true;
        at++;
      } else if (bytes[at] === quote) {
        this.valueStart = start;
        this.valueEnd = at;
        this.#at = at + 1;
        return true;
      }
    }
    this.#at = this.#end;
    return this.#fail("unterminated quoted value", this.#end);
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
