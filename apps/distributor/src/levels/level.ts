/** The levels that are detected, in the order of their codes. 0 says that none was found. */
export const levels = ["unknown", "trace", "debug", "info", "warn", "error", "critical", "fatal"] as const;

const spellings: Readonly<Record<string, number>> = {
  trace: 1,
  trc: 1,
  debug: 2,
  dbg: 2,
  info: 3,
  inf: 3,
  information: 3,
  warn: 4,
  wrn: 4,
  warning: 4,
  error: 5,
  err: 5,
  critical: 6,
  fatal: 7,
};
const codes = new Map(Object.entries(spellings));
const longestSpelling = 11;

/** A level as written by a client in its canonical spelling; what is no level stays as it is. */
export function normalLevel(text: string): string {
  const code = codes.get(text) ?? codes.get(text.toLowerCase());
  return code === undefined ? text : levels[code]!;
}

/** The code of a level spelled by bytes, 0 where they spell none. */
export function levelCode(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  if (length < 3 || length > longestSpelling) return 0;
  let word = "";
  for (let at = from; at < to; at++) word += String.fromCharCode(bytes[at]! | 0x20);
  return codes.get(word) ?? 0;
}

/** The level of an OTLP severity number written as text. */
export function levelOfSeverityNumber(text: string): string {
  if (!/^[+-]?\d+$/.test(text)) return "info";
  const number = Number(text);
  if (number < 1 || number > 24) return "unknown";
  return ["trace", "debug", "info", "warn", "error", "fatal"][Math.ceil(number / 4) - 1]!;
}
