import { formatFloatAs } from "../format/float.ts";

const large = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
const binary = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];
const small = ["m", "u", "n", "p", "f", "a", "z", "y"];

const four = (value: number): string => formatFloatAs("g", value, 4);
const isPlain = (value: number): boolean => value === 0 || !Number.isFinite(value);

function scaledDown(value: number, base: number, prefixes: readonly string[]): string {
  let prefix = "";
  let rest = value;
  for (const next of prefixes) {
    if (Math.abs(rest) < base) break;
    prefix = next;
    rest /= base;
  }
  return four(rest) + prefix;
}

function scaledUp(value: number): string {
  let prefix = "";
  let rest = value;
  for (const next of small) {
    if (Math.abs(rest) >= 1) break;
    prefix = next;
    rest *= 1000;
  }
  return four(rest) + prefix;
}

/** `1234567` is `1.235M`, `0.0012` is `1.2m`. */
export function humanize(value: number): string {
  if (isPlain(value)) return four(value);
  return Math.abs(value) >= 1 ? scaledDown(value, 1000, large) : scaledUp(value);
}

/** `1048576` is `1Mi`. */
export const humanize1024 = (value: number): string =>
  Math.abs(value) <= 1 || isPlain(value) ? four(value) : scaledDown(value, 1024, binary);

/** Seconds as `1d 2h 3m 4s`, with four digits below a minute. */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return four(seconds);
  if (seconds === 0) return "0s";
  if (Math.abs(seconds) < 1) return `${scaledUp(seconds)}s`;
  const sign = seconds < 0 ? "-" : "";
  const total = Math.trunc(Math.abs(seconds));
  const [days, hours, minutes] = [86_400, 3600, 60].map((unit) => Math.trunc(total / unit)) as [number, number, number];
  const rest = total % 60;
  if (days > 0) return `${sign}${days}d ${hours % 24}h ${minutes % 60}m ${rest}s`;
  if (hours > 0) return `${sign}${hours}h ${minutes % 60}m ${rest}s`;
  return minutes > 0 ? `${sign}${minutes}m ${rest}s` : `${sign}${four(Math.abs(seconds))}s`;
}

export const humanizePercentage = (ratio: number): string => `${four(ratio * 100)}%`;
