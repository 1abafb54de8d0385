import { offsetSeconds } from "./zone.ts";
import type { Time } from "./time.ts";

/** A date and a time of day, as a clock in the zone shows it. */
export interface Civil {
  readonly year: number;
  readonly month: number; // 1–12
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanos: number;
  /** 0 = Sunday. */
  readonly weekday: number;
  /** 1 = 1 January. */
  readonly yearDay: number;
  readonly offset: number;
}

const second = 1_000_000_000n;

/** Whole seconds since 1970, rounded down. */
export function unixSeconds({ unixNanos }: Time): number {
  const seconds = unixNanos / second;
  return Number(unixNanos < 0n && seconds * second !== unixNanos ? seconds - 1n : seconds);
}

export function civilOf(time: Time): Civil {
  const unix = unixSeconds(time);
  const offset = offsetSeconds(time.zone, unix);
  const local = unix + offset;
  const days = Math.floor(local / 86_400);
  const inDay = local - days * 86_400;
  const { year, month, day } = dateOf(days);
  return {
    year,
    month,
    day,
    hour: Math.floor(inDay / 3600),
    minute: Math.floor(inDay / 60) % 60,
    second: inDay % 60,
    nanos: Number(time.unixNanos - BigInt(unix) * second),
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: days - daysBefore(year, 1, 1) + 1,
    offset,
  };
}

/** The date that many days after 1970-01-01, in the Gregorian calendar. */
function dateOf(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468; // days since 0000-03-01
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** Days from 1970-01-01 to a date. */
export function daysBefore(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + ofYear - 719_468;
}

export const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
