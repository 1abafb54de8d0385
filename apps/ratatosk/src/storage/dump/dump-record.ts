/** One line of a dump: what it tells of, then its fields in reading order. */
export interface DumpRecord {
  readonly kind: string;
  readonly [field: string]: string | number | bigint | Readonly<Record<string, string | number>>;
}

export interface DumpOptions {
  /** The log lines too. */
  readonly lines: boolean;
}

const depths: Readonly<Record<string, number>> = { chunk: 1, stream: 1, damage: 1, block: 2, column: 3, line: 3 };

/** A record as a person reads it. */
export function dumpText({ kind, ...fields }: DumpRecord): string {
  const told = Object.entries(fields).map(([name, value]) => `${name}=${valueText(value)}`);
  return `${"  ".repeat(depths[kind] ?? 0)}${kind} ${told.join(" ")}`;
}

/** A record as a line of JSON; nanoseconds are text, as in Loki's API. */
export const dumpJson = (record: DumpRecord): string =>
  JSON.stringify(record, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));

function valueText(value: DumpRecord[string]): string {
  if (typeof value === "bigint") return timeText(value);
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return /^[\w./@:{-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value);
}

/** Nanoseconds as RFC 3339, none of them lost. */
function timeText(nanos: bigint): string {
  const below = BigInt.asUintN(64, ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n);
  const date = new Date(Number((nanos - below) / 1_000_000n));
  if (Number.isNaN(date.getTime())) return String(nanos);
  return `${date.toISOString().slice(0, 19)}.${String(below).padStart(9, "0")}Z`;
}
