/** Years and weeks only where they come out even. */
const calendarUnits: [unit: string, ms: number][] = [
  ["y", 31_536_000_000],
  ["w", 604_800_000],
];

const durationUnits: [unit: string, ms: number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

/** Milliseconds as Prometheus writes a duration: `30d1h`, `1m`, `500ms`, `0s`. */
export function printDuration(ms: number): string {
  if (ms < 0) return `-${printDuration(-ms)}`;
  if (ms < 1) return ms === 0 ? "0s" : `${Math.round(ms * 1e6)}ns`;
  let rest = Math.round(ms);
  for (const [unit, size] of calendarUnits) if (rest % size === 0) return `${rest / size}${unit}`;
  let text = "";
  for (const [unit, size] of durationUnits) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

const byteUnits = ["TB", "GB", "MB", "KB"];

/** Bytes as Loki writes a size: `256KB`, `1.5MB`, `0B`. */
export function printBytes(bytes: number): string {
  for (const [i, unit] of byteUnits.entries()) {
    const size = 2 ** (10 * (byteUnits.length - i));
    if (bytes >= size && Number.isInteger((bytes / size) * 100)) return `${bytes / size}${unit}`;
  }
  return `${bytes}B`;
}
