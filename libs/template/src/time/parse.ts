import { daysBefore, daysIn, isLeap } from "./civil.ts";
import { dayNames, layoutParts, monthNames } from "./layout.ts";
import { Time } from "./time.ts";
import { fixedZone, offsetSeconds, zoneAbbreviation } from "./zone.ts";

/**
 * Reads a text in Go's layout; undefined if it does not fit. A text without an offset is taken to be in `zone`; what the
 * layout leaves out is year 0, January, 1 and midnight.
 */
export function parseTime(layout: string, text: string, zone = "UTC"): Time | undefined {
  const reader = new Reader(text);
  const parts = layoutParts(layout);
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]!;
    const ok = "literal" in part ? reader.literal(part.literal) : reader.element(part.element, parts[at + 1]);
    if (!ok) return undefined;
  }
  return reader.atEnd ? reader.time(zone) : undefined;
}

type Next = { readonly literal: string } | { readonly element: string } | undefined;

class Reader {
  readonly #text: string;
  #at = 0;
  #year = 0;
  #month: number | undefined;
  #day: number | undefined;
  #yearDay: number | undefined;
  #hour = 0;
  #minute = 0;
  #second = 0;
  #nanos = 0;
  #afternoon: boolean | undefined;
  #offset: number | undefined;
  #zoneName: string | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** Blanks of the layout match any number of blanks. */
  literal(literal: string): boolean {
    for (let at = 0; at < literal.length; at++) {
      if (literal[at] === " ") {
        if (this.#at < this.#text.length && this.#text[this.#at] !== " ") return false;
        while (literal[at + 1] === " ") at++;
        while (this.#text[this.#at] === " ") this.#at++;
      } else if (literal[at] === this.#text[this.#at]) this.#at++;
      else return false;
    }
    return true;
  }

  element(element: string, next: Next): boolean {
    switch (element) {
      case "2006":
        return this.#take(/\d{4}/y, (digits) => (this.#year = Number(digits)));
      case "06":
        return this.#take(/\d\d/y, (digits) => (this.#year = Number(digits) + (Number(digits) >= 69 ? 1900 : 2000)));
      case "01":
        return this.#number(/\d\d/y, 1, 12, (month) => (this.#month = month));
      case "1":
        return this.#number(/\d\d?/y, 1, 12, (month) => (this.#month = month));
      case "January":
        return this.#name(monthNames, (index) => (this.#month = index + 1));
      case "Jan":
        return this.#name(shortMonths, (index) => (this.#month = index + 1));
      case "Monday":
        return this.#name(dayNames, ignore);
      case "Mon":
        return this.#name(shortDays, ignore);
      case "02":
        return this.#number(/\d\d/y, 0, 99, (day) => (this.#day = day));
      case "_2":
      case "2":
        return this.#number(element === "2" ? /\d\d?/y : / ?\d\d?/y, 0, 99, (day) => (this.#day = day));
      case "002":
      case "__2":
        return this.#number(/[ \d]{2}\d/y, 1, 366, (day) => (this.#yearDay = day));
      default:
        return this.#clock(element, next);
    }
  }

  #clock(element: string, next: Next): boolean {
    switch (element) {
      case "15":
        return this.#number(/\d\d?/y, 0, 23, (hour) => (this.#hour = hour));
      case "03":
        return this.#number(/\d\d/y, 0, 12, (hour) => (this.#hour = hour));
      case "3":
        return this.#number(/\d\d?/y, 0, 12, (hour) => (this.#hour = hour));
      case "04":
        return this.#number(/\d\d/y, 0, 59, (minute) => (this.#minute = minute));
      case "4":
        return this.#number(/\d\d?/y, 0, 59, (minute) => (this.#minute = minute));
      case "05":
      case "5":
        return (
          this.#number(element === "05" ? /\d\d/y : /\d\d?/y, 0, 59, (second) => (this.#second = second)) &&
          this.#unaskedFraction(next)
        );
      case "PM":
      case "pm":
        return this.#take(element === "PM" ? /AM|PM/y : /am|pm/y, (half) => (this.#afternoon = /^p/i.test(half)));
      case "MST":
        return this.#zone();
      default:
        return /^[.,]/.test(element) ? this.#fraction(element) : this.#numericZone(element);
    }
  }

  /** Digits behind the seconds are taken also where the layout has none. */
  #unaskedFraction(next: Next): boolean {
    if (next !== undefined && "element" in next && /^[.,]/.test(next.element)) return true;
    this.#take(/[.,]\d+/y, (digits) => this.#setFraction(digits));
    return true;
  }

  #fraction(element: string): boolean {
    if (element[1] === "9") {
      this.#take(/[.,]\d+/y, (digits) => this.#setFraction(digits));
      return true;
    }
    return this.#take(new RegExp(`[.,]\\d{${element.length - 1}}`, "y"), (digits) => this.#setFraction(digits));
  }

  #setFraction(digits: string): void {
    this.#nanos = Number(digits.slice(1, 10).padEnd(9, "0"));
  }

  #zone(): boolean {
    return this.#take(/UTC|ChST|MeST|GMT[+-]\d\d?|[+-]\d\d|[A-Z]{3,5}/y, (name) => {
      if (name === "UTC") this.#offset = 0;
      this.#zoneName = name;
    });
  }

  #numericZone(element: string): boolean {
    if (element.startsWith("Z") && this.#take(/Z/y, () => (this.#offset = 0))) return true;
    const shape = element.slice(1).replaceAll("07", "00").replaceAll("00", "(\\d\\d)");
    return this.#take(new RegExp(`([+-])${shape}`, "y"), (_, [, sign, hours, minutes = "0", seconds = "0"]) => {
      const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
      this.#offset = sign === "-" ? -total : total;
    });
  }

  #number(pattern: RegExp, from: number, to: number, set: (value: number) => void): boolean {
    let fits = false;
    this.#take(pattern, (text) => {
      const value = Number(text);
      fits = value >= from && value <= to;
      set(value);
    });
    return fits;
  }

  #name(names: readonly string[], set: (index: number) => void): boolean {
    const index = names.findIndex(
      (name) => this.#text.slice(this.#at, this.#at + name.length).toLowerCase() === name.toLowerCase(),
    );
    if (index < 0) return false;
    this.#at += names[index]!.length;
    set(index);
    return true;
  }

  #take(pattern: RegExp, set: (text: string, match: RegExpExecArray) => void): boolean {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return false;
    this.#at += match[0].length;
    set(match[0], match);
    return true;
  }

  time(zone: string): Time | undefined {
    const days = this.#days();
    if (days === undefined) return undefined;
    const hour = this.#hourOfDay();
    const local = days * 86_400 + hour * 3600 + this.#minute * 60 + this.#second;
    const { unix, zone: found } = this.#inZone(local, zone);
    return new Time(BigInt(unix) * 1_000_000_000n + BigInt(this.#nanos), found);
  }

  #hourOfDay(): number {
    if (this.#afternoon === undefined) return this.#hour;
    return (this.#hour % 12) + (this.#afternoon ? 12 : 0);
  }

  #days(): number | undefined {
    if (this.#yearDay !== undefined && this.#month === undefined) {
      if (this.#yearDay > (isLeap(this.#year) ? 366 : 365)) return undefined;
      return daysBefore(this.#year, 1, 1) + this.#yearDay - 1;
    }
    const month = this.#month ?? 1;
    const day = this.#day ?? 1;
    return day < 1 || day > daysIn(this.#year, month) ? undefined : daysBefore(this.#year, month, day);
  }

  #inZone(local: number, zone: string): { unix: number; zone: string } {
    if (this.#offset !== undefined) {
      const unix = local - this.#offset;
      return { unix, zone: offsetSeconds(zone, unix) === this.#offset ? zone : fixedZone(this.#offset) };
    }
    const near = local - offsetSeconds(zone, local);
    const unix = local - offsetSeconds(zone, near);
    if (this.#zoneName === undefined) return { unix, zone };
    return this.#namedZone(local, unix, zone);
  }

  /** A zone's name counts only where it is one of `zone`'s own; any other has offset 0. */
  #namedZone(local: number, unix: number, zone: string): { unix: number; zone: string } {
    for (const candidate of [unix, unix - 3600, unix + 3600])
      if (zoneAbbreviation(zone, candidate) === this.#zoneName)
        return { unix: local - offsetSeconds(zone, candidate), zone };
    const other = [unix - 15_778_800, unix + 15_778_800].find((at) => zoneAbbreviation(zone, at) === this.#zoneName);
    return other === undefined ? { unix: local, zone: "UTC" } : { unix: local - offsetSeconds(zone, other), zone };
  }
}

const shortMonths = monthNames.map((name) => name.slice(0, 3));
const shortDays = dayNames.map((name) => name.slice(0, 3));
const ignore = (): void => {};
