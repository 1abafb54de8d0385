const fixed = /^([+-])(\d\d):?(\d\d)(?::?(\d\d))?$/;
const quarterHour = 900;
const maxCached = 10_000;

/** The zone of this process, as an IANA name. */
export const localZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** True if the zone is `UTC`, an offset such as `+02:00`, or a zone the system knows. */
export function isZone(name: string): boolean {
  try {
    return name !== "" && zoneFormat(name) !== undefined;
  } catch {
    return false;
  }
}

/** A zone that is always `seconds` ahead of UTC. */
export function fixedZone(seconds: number): string {
  if (seconds === 0) return "UTC";
  const total = Math.abs(seconds);
  const parts = [total / 3600, (total / 60) % 60, ...(total % 60 === 0 ? [] : [total % 60])];
  return (seconds < 0 ? "-" : "+") + parts.map((part) => String(Math.trunc(part)).padStart(2, "0")).join(":");
}

const offsets = new Map<string, number>();

/** Seconds that the zone is ahead of UTC at a moment. */
export function offsetSeconds(zone: string, unixSeconds: number): number {
  if (zone === "UTC") return 0;
  const match = fixed.exec(zone);
  if (match) return offsetOf(match);
  const quarter = Math.floor(unixSeconds / quarterHour);
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= maxCached) offsets.clear();
  const found = lookUp(zone, quarter * quarterHour);
  offsets.set(key, found);
  return found;
}

function offsetOf([, sign, hours, minutes, seconds = "0"]: RegExpExecArray): number {
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === "-" ? -total : total;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function zoneFormat(
  zone: string,
  locale = "en-US",
  timeZoneName: "longOffset" | "short" = "longOffset",
): Intl.DateTimeFormat {
  const key = `${zone} ${locale} ${timeZoneName}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName });
    formats.set(key, format);
  }
  return format;
}

function nameAt(format: Intl.DateTimeFormat, unixSeconds: number): string {
  const parts = format.formatToParts(Math.min(Math.max(unixSeconds * 1000, -8.64e15), 8.64e15));
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}

function lookUp(zone: string, unixSeconds: number): number {
  const match = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(nameAt(zoneFormat(zone), unixSeconds));
  return match ? offsetOf(match) : 0;
}

/** English-speaking regions name different zones; the first that has a name for it counts. */
const locales = ["en-US", "en-GB", "en-AU", "en-CA", "en-NZ", "en-IN", "en-ZA", "ja-JP"];

/** The short name of the zone at a moment, `CEST`; `+03` where it has none. */
export function zoneAbbreviation(zone: string, unixSeconds: number): string {
  if (zone === "UTC") return "UTC";
  if (!fixed.test(zone)) {
    for (const locale of locales) {
      const name = nameAt(zoneFormat(zone, locale, "short"), unixSeconds);
      if (/^[A-Z]{3,5}$/.test(name)) return name;
    }
  }
  const offset = fixedZone(offsetSeconds(zone, unixSeconds)).replaceAll(":", "");
  return fixed.test(zone) || !offset.endsWith("00") ? offset : offset.slice(0, -2);
}
