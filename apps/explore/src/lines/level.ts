export const levels = ["critical", "error", "warn", "info", "debug", "trace", "unknown"] as const;
export type Level = (typeof levels)[number];

const spellings: Readonly<Record<string, Level>> = {
  critical: "critical",
  fatal: "critical",
  emerg: "critical",
  emergency: "critical",
  alert: "critical",
  crit: "critical",
  panic: "critical",
  error: "error",
  err: "error",
  eror: "error",
  severe: "error",
  warn: "warn",
  warning: "warn",
  notice: "info",
  info: "info",
  information: "info",
  informational: "info",
  debug: "debug",
  dbg: "debug",
  trace: "trace",
};

/** The level that a word means; `unknown` for none. */
export function levelOf(word: string | undefined): Level {
  return spellings[(word ?? "").toLowerCase()] ?? "unknown";
}
