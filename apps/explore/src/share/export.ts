import type { SeriesResult } from "../api/answers.ts";
import type { Entry } from "../lines/entry.ts";
import { formatNanos } from "../time/nanos.ts";

/** A line as one line of JSON, its moment in nanoseconds. */
export function jsonLine({ nanos, line, stream, metadata, parsed }: Entry): string {
  return JSON.stringify({ timestamp: nanos, line, labels: { ...stream, ...metadata, ...parsed } });
}

/** Lines as CSV with one column for each name of `names`. */
export function csvHead(names: readonly string[]): string {
  return ["time", "nanoseconds", ...names, "line"].map(csvCell).join(",");
}

export function csvLine({ nanos, line, stream, metadata, parsed }: Entry, names: readonly string[]): string {
  const all: Readonly<Record<string, string>> = { ...stream, ...metadata, ...parsed };
  const time = `${formatNanos(nanos, "utc").replace(" ", "T")}Z`;
  return [time, nanos, ...names.map((name) => all[name] ?? ""), line].map(csvCell).join(",");
}

/** A cell that a spreadsheet would take for a formula gets an apostrophe. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The names of all labels of lines, sorted. */
export function namesOf(entries: readonly Entry[]): string[] {
  const names = new Set<string>();
  for (const { stream, metadata, parsed } of entries)
    for (const labels of [stream, metadata, parsed]) for (const name of Object.keys(labels)) names.add(name);
  return [...names].sort();
}

/** Samples as CSV: time, the series' labels, value. */
export function samplesCsv(series: readonly SeriesResult[]): string {
  const names = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].sort();
  const rows = series.flatMap(({ metric, values }) =>
    values.map(([seconds, value]) =>
      [new Date(seconds * 1000).toISOString(), ...names.map((name) => metric[name] ?? ""), value]
        .map(csvCell)
        .join(","),
    ),
  );
  return [["time", ...names, "value"].join(","), ...rows].join("\n");
}
