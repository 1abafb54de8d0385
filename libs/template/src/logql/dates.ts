import { fn, type Functions } from "../function.ts";
import { formatTime } from "../time/format.ts";
import { parseTime } from "../time/parse.ts";
import { Time } from "../time/time.ts";
import { isZone, localZone } from "../time/zone.ts";
import { unixSeconds } from "../time/civil.ts";
import type { Value } from "../value.ts";

const second = 1_000_000_000n;

/** Functions over times; `now` is the clock they look at. */
export function dateFunctions(now: () => bigint): Functions {
  const local = localZone();
  const asTime = (value: Value): Time => {
    if (value instanceof Time) return value;
    return new Time(typeof value === "bigint" ? value * second : now(), local);
  };
  return {
    now: fn("", () => new Time(now(), local)),
    date: fn("string, any", (layout: string, value: Value) => formatTime(inZone(asTime(value), local), layout)),
    toDate: fn("string, string", (layout: string, text: string) => parseTime(layout, text, local) ?? Time.zero),
    toDateInZone: fn(
      "string, string, string",
      (layout: string, zone: string, text: string) => parseTime(layout, text, isZone(zone) ? zone : "UTC") ?? Time.zero,
    ),
    unixEpoch: fn("time.Time", (time: Time) => String(unixSeconds(time))),
    unixEpochMillis: fn("time.Time", (time: Time) => String(floorDiv(time.unixNanos, 1_000_000n))),
    unixEpochNanos: fn("time.Time", (time: Time) => String(time.unixNanos)),
    unixToTime: fn("string", (text: string) => unixToTime(text, local)),
  };
}

export const inZone = (time: Time, zone: string): Time => (time.zone === zone ? time : new Time(time.unixNanos, zone));

const floorDiv = (a: bigint, b: bigint): bigint => (a - (((a % b) + b) % b)) / b;

const unitByLength: Record<number, bigint> = {
  5: 86_400n * second,
  10: second,
  13: 1_000_000n,
  16: 1000n,
  19: 1n,
};

/** The count of digits tells the unit: days, seconds, milli-, micro- or nanoseconds. */
function unixToTime(text: string, zone: string): Time {
  if (!/^[+-]?\d+$/.test(text))
    throw new Error(
      `unable to parse time '${text}': strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  const unit = unitByLength[text.length];
  if (unit === undefined) throw new Error(`unable to parse time '${text}': unexpected length ${text.length}`);
  return new Time(BigInt(text) * unit, zone);
}
