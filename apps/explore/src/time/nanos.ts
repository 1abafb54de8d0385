export type Zone = "local" | "utc";

/** A moment in nanoseconds, to the nanosecond: `2026-01-15 10:00:05.000000001`. */
export function formatNanos(nanos: string | bigint, zone: Zone): string {
  const value = BigInt(nanos);
  const date = new Date(Number(value / 1_000_000n));
  const fraction = String(value % 1_000_000_000n).padStart(9, "0");
  return `${formatDate(date, zone)} ${formatClock(date, zone)}.${fraction}`;
}

/** `10:00:05.123` */
export function formatMillis(nanos: string | bigint, zone: Zone): string {
  const date = new Date(Number(BigInt(nanos) / 1_000_000n));
  return `${formatClock(date, zone)}.${String(date.getUTCMilliseconds()).padStart(3, "0")}`;
}

const two = (value: number): string => String(value).padStart(2, "0");

export function formatDate(date: Date, zone: Zone): string {
  return zone === "utc"
    ? date.toISOString().slice(0, 10)
    : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function formatClock(date: Date, zone: Zone): string {
  return zone === "utc"
    ? date.toISOString().slice(11, 19)
    : `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Newest first; equal moments keep their order. */
export function newestFirst(a: { readonly nanos: string }, b: { readonly nanos: string }): number {
  if (a.nanos === b.nanos) return 0;
  if (a.nanos.length !== b.nanos.length) return b.nanos.length - a.nanos.length;
  return a.nanos < b.nanos ? 1 : -1;
}
