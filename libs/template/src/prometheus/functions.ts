import { parseFloat64 } from "../parse/constant.ts";
import { formatFloatAs } from "../format/float.ts";
import { formatValue } from "../format/print.ts";
import { fn, type Functions } from "../function.ts";
import { RegexCache } from "../logql/regex.ts";
import { goLower, goTitle, goUpper } from "../logql/text.ts";
import { Time } from "../time/time.ts";
import type { Value } from "../value.ts";
import { parseGoDuration } from "../logql/units.ts";
import { humanize, humanize1024, humanizeDuration, humanizePercentage } from "./humanize.ts";

/** Prometheus' functions for alert annotations and labels; `externalUrl` is where the ruler can be reached. */
export function prometheusFunctions(externalUrl = ""): Functions {
  const cache = new RegexCache();
  return {
    humanize: fn("any", (value: Value) => humanize(asNumber(value))),
    humanize1024: fn("any", (value: Value) => humanize1024(asNumber(value))),
    humanizeDuration: fn("any", (value: Value) => humanizeDuration(asNumber(value))),
    humanizePercentage: fn("any", (value: Value) => humanizePercentage(asNumber(value))),
    humanizeTimestamp: fn("any", (value: Value) => {
      const seconds = asNumber(value);
      return Number.isFinite(seconds) ? formatValue(asTime(seconds)) : formatFloatAs("g", seconds, 4);
    }),
    toTime: fn("any", (value: Value) => asTime(asNumber(value))),
    parseDuration: fn("string", (text: string) => parseGoDuration(text)),
    title: fn("string", goTitle),
    toUpper: fn("string", goUpper),
    toLower: fn("string", goLower),
    match: fn("string, string", (pattern: string, text: string) => cache.get(pattern).test(text)),
    reReplaceAll: fn("string, string, string", (pattern: string, to: string, text: string) =>
      cache.get(pattern).replaceAll(text, to),
    ),
    stripPort: fn(
      "string",
      (host: string) =>
        /^(?:\[(.*)\]|([^:]*)):[^:]*$/
          .exec(host)
          ?.slice(1)
          .find((part) => part !== undefined) ?? host,
    ),
    stripDomain: fn("string", stripDomain),
    args: fn("...any", (...values: Value[]) => new Map(values.map((value, at) => [`arg${at}`, value]))),
    safeHtml: fn("string", (text: string) => text),
    externalURL: fn("", () => externalUrl),
    pathPrefix: fn("", () => (URL.canParse(externalUrl) ? new URL(externalUrl).pathname.replace(/\/$/, "") : "")),
  };
}

function asNumber(value: Value): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  const parsed = typeof value === "string" ? parseFloat64(value) : undefined;
  if (parsed === undefined) throw new Error(`can't convert ${formatValue(value)} to float`);
  return parsed;
}

const asTime = (seconds: number): Time => new Time(BigInt(Math.round(seconds * 1000)) * 1_000_000n, "UTC");

/** The first part of a host name; addresses stay, a port too. */
function stripDomain(hostPort: string): string {
  const [, host = hostPort, port = ""] = /^(.*?)(:\d+)?$/.exec(hostPort)!;
  return /^[\d.]+$|:/.test(host) ? hostPort : host.split(".")[0]! + port;
}
