/** Unix nanoseconds as Go prints a time: `2024-06-10 06:13:20.5 +0000 UTC`. */
export function goTime(nanos: bigint): string {
  const { date, time, fraction } = parts(nanos);
  return `${date} ${time}${fraction} +0000 UTC`;
}

/** Unix nanoseconds as RFC 3339 to the second: `2024-06-10T06:13:20Z`. */
export function rfc3339(nanos: bigint): string {
  const { date, time } = parts(nanos);
  return `${date}T${time}Z`;
}

function parts(nanos: bigint): { date: string; time: string; fraction: string } {
  const rest = ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const [date = "", time = ""] = new Date(Number((nanos - rest) / 1_000_000n)).toISOString().split("T");
  const digits = String(rest).padStart(9, "0").replace(/0+$/, "");
  return { date, time: time.slice(0, 8), fraction: digits && `.${digits}` };
}
