import { createHash } from "node:crypto";
import { toBytes } from "../byte-text.ts";
import { toFloat, toInt } from "../cast.ts";
import { fn, type Functions } from "../function.ts";
import { dateFunctions, inZone } from "../logql/dates.ts";
import { decodeBase64, encodingFunctions } from "../logql/encoding.ts";
import { mathFunctions } from "../logql/math.ts";
import { allMatches, RegexCache, regexFunctions } from "../logql/regex.ts";
import { formatTime } from "../time/format.ts";
import { Time } from "../time/time.ts";
import { isZone } from "../time/zone.ts";
import { type Value } from "../value.ts";
import { sprigDicts } from "./dicts.ts";
import { sprigLists } from "./lists.ts";
import { sprigStrings } from "./strings.ts";

const systemClock = (): bigint => BigInt(Date.now()) * 1_000_000n;

/** The functions of Promtail's `template` and `replace` stages: its own and Sprig's for text. */
export function promtailFunctions(now: () => bigint = systemClock): Functions {
  const cache = new RegexCache();
  return {
    ...sprigStrings,
    ...sprigLists,
    ...sprigDicts,
    ...numberFunctions,
    ...regexFunctions(cache),
    ...sprigRegex(cache),
    ...sprigDates(now),
    ...digests,
    b64enc: encodingFunctions["b64enc"]!,
    b64dec: fn("string", decodeBase64),
    Hash: fn("string, string", (salt: string, text: string) => digest("sha3-256", salt + text)),
    Sha2Hash: fn("string, string", (salt: string, text: string) => digest("sha256", salt + text)),
  };
}

const whole = (value: Value): bigint => toInt(value, false);

const numberFunctions: Functions = {
  ...mathFunctions(false),
  int64: fn("any", whole),
  atoi: fn("string", whole),
  add1: fn("any", (value: Value) => whole(value) + 1n),
  round: fn("any, any, ...float64", (value: Value, places: Value, up = 0.5) => {
    const power = 10 ** toFloat(places);
    const scaled = power * toFloat(value);
    return (scaled - Math.trunc(scaled) >= up ? Math.ceil(scaled) : Math.floor(scaled)) / power;
  }),
};

const sprigRegex = (cache: RegexCache): Functions => ({
  regexMatch: fn("string, string", (pattern: string, text: string) => cache.get(pattern).test(text)),
  regexFind: fn("string, string", (pattern: string, text: string) => cache.get(pattern).exec(text)?.groups[0] ?? ""),
  regexFindAll: fn("string, string, int", (pattern: string, text: string, most: bigint) => {
    const found = allMatches(cache.get(pattern), text);
    return most < 0n ? found : found.slice(0, Number(most));
  }),
});

const sprigDates = (now: () => bigint): Functions => {
  const { date, toDate, now: current } = dateFunctions(now);
  const dateInZone = fn("string, any, string", (layout: string, value: Value, zone: string) => {
    const time =
      value instanceof Time ? value : new Time(typeof value === "bigint" ? value * 1_000_000_000n : now(), "UTC");
    return formatTime(inZone(time, isZone(zone) ? zone : "UTC"), layout);
  });
  return {
    now: current!,
    date: date!,
    toDate: toDate!,
    dateInZone,
    date_in_zone: dateInZone,
    htmlDate: fn("any", (value: Value) => (date!.call as (...args: Value[]) => Value)("2006-01-02", value)),
    unixEpoch: dateFunctions(now)["unixEpoch"]!,
  };
};

const digest = (algorithm: string, text: string): string => createHash(algorithm).update(toBytes(text)).digest("hex");

const digests: Functions = {
  md5sum: fn("string", (text: string) => digest("md5", text)),
  sha1sum: fn("string", (text: string) => digest("sha1", text)),
  sha256sum: fn("string", (text: string) => digest("sha256", text)),
  sha512sum: fn("string", (text: string) => digest("sha512", text)),
  adler32sum: fn("string", (text: string) => String(adler32(toBytes(text)))),
};

function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}
