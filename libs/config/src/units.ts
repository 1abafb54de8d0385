import { z } from "zod";

const secondsOf: Record<string, number> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};
const durationPart = /(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h|d|w|y)/gy;

/** Milliseconds of a duration in Go's or Prometheus' spelling: `1h30m`, `500ms`, `30d1h`, `0`, `-1ns`. Undefined if it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  const sign = text.startsWith("-") ? -1 : 1;
  const body = text.replace(/^[+-]/, "");
  let seconds = 0;
  durationPart.lastIndex = 0;
  while (durationPart.lastIndex < body.length) {
    const part = durationPart.exec(body);
    if (part === null) return undefined;
    seconds += Number(part[1]) * secondsOf[part[2]!]!;
  }
  return body === "" ? undefined : sign * seconds * 1000;
}

const bytesOf: Record<string, number> = {
  "": 1,
  b: 1,
  k: 2 ** 10,
  kb: 2 ** 10,
  kib: 2 ** 10,
  m: 2 ** 20,
  mb: 2 ** 20,
  mib: 2 ** 20,
  g: 2 ** 30,
  gb: 2 ** 30,
  gib: 2 ** 30,
  t: 2 ** 40,
  tb: 2 ** 40,
  tib: 2 ** 40,
};

/** Bytes of a size: `256KB`, `1.5MB`, `4194304`. 1 KB = 1024 bytes, as in Loki's configuration. Undefined if it is none. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const unit = match && bytesOf[match[2]!.toLowerCase()];
  return match && unit ? Math.trunc(Number(match[1]) * unit) : undefined;
}

/** A duration setting: read as text like `1h30m`, held in milliseconds. */
export const duration = z
  .union([z.string(), z.number()])
  .transform((value, context) => {
    const ms = parseDuration(String(value));
    if (ms !== undefined) return ms;
    context.addIssue({ code: "custom", message: `expected a duration such as 30s, 5m or 1h30m, got "${value}"` });
    return z.NEVER;
  })
  .meta({ unit: "duration" });

/** A size setting: read as text like `256KB`, held in bytes. */
export const bytes = z
  .union([z.string(), z.number()])
  .transform((value, context) => {
    const size = parseBytes(String(value));
    if (size !== undefined) return size;
    context.addIssue({ code: "custom", message: `expected a size such as 256KB or 1.5MB, got "${value}"` });
    return z.NEVER;
  })
  .meta({ unit: "bytes" });
