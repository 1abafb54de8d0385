import { fn, type TemplateFunction } from "../function.ts";
import { civilOf, unixSeconds } from "./civil.ts";
import { formatTime } from "./format.ts";
import { dayNames, monthNames } from "./layout.ts";
import { Time } from "./time.ts";
import { localZone } from "./zone.ts";

const methods: Readonly<Record<string, TemplateFunction>> = {
  Day: fn("", (time: Time) => BigInt(civilOf(time).day)),
  Format: fn("string", (time: Time, layout: string) => formatTime(time, layout)),
  Hour: fn("", (time: Time) => BigInt(civilOf(time).hour)),
  IsZero: fn("", (time: Time) => time.unixNanos === Time.zero.unixNanos),
  Local: fn("", (time: Time) => new Time(time.unixNanos, localZone())),
  Minute: fn("", (time: Time) => BigInt(civilOf(time).minute)),
  Month: fn("", (time: Time) => monthNames[civilOf(time).month - 1]!),
  Nanosecond: fn("", (time: Time) => BigInt(civilOf(time).nanos)),
  Second: fn("", (time: Time) => BigInt(civilOf(time).second)),
  String: fn("", (time: Time) => formatTime(time, "2006-01-02 15:04:05.999999999 -0700 MST")),
  UTC: fn("", (time: Time) => new Time(time.unixNanos, "UTC")),
  Unix: fn("", (time: Time) => BigInt(unixSeconds(time))),
  UnixMicro: fn("", (time: Time) => floored(time, 1000n)),
  UnixMilli: fn("", (time: Time) => floored(time, 1_000_000n)),
  UnixNano: fn("", (time: Time) => time.unixNanos),
  Weekday: fn("", (time: Time) => dayNames[civilOf(time).weekday]!),
  Year: fn("", (time: Time) => BigInt(civilOf(time).year)),
  YearDay: fn("", (time: Time) => BigInt(civilOf(time).yearDay)),
};

function floored({ unixNanos }: Time, unit: bigint): bigint {
  const whole = unixNanos / unit;
  return unixNanos < 0n && whole * unit !== unixNanos ? whole - 1n : whole;
}

/** A method of Go's time.Time; its first argument is the time. */
export const timeMethod = (name: string): TemplateFunction | undefined =>
  Object.hasOwn(methods, name) ? methods[name] : undefined;
