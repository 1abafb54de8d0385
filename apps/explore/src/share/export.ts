import type { SeriesResult } from "../api/answers.ts";
import type { Entry } from "../lines/entry.ts";
import { formatNanos } from "../time/nanos.ts";

/** A line as one line of JSON, its moment in nanoseconds. */
export function jsonLine({ nanos, line, stream, metadata, parsed }: Entry): string {
  return JSON.stringify({ timestamp: nanos, line, labels: { ...stream, ...metadata, ...parsed } });
}

/** Lines as CSV with a column for each label that any of them has, wherever it comes first. */
export class CsvTable {
  readonly #names: string[] = [];
  readonly #known = new Set<string>();
  readonly #rows: Row[] = [];

  add(entries: readonly Entry[]): void {
    for (const name of namesOf(entries)) {
      if (this.#known.has(name)) continue;
      this.#known.add(name);
      this.#names.push(name);
    }
    for (const entry of entries) this.#rows.push(this.#row(entry));
  }

  /** The text, in parts: rows that were added before a column was known are empty there. */
  text(): string[] {
    const head = ["time", "nanoseconds", ...this.#names, "line"].map(csvCell).join(",");
    const rows = this.#rows.map(
      ({ cells, labels, line }) => `${cells}${",".repeat(this.#names.length - labels)},${line}\n`,
    );
    return [`${head}\n`, ...rows];
  }

  #row({ nanos, line, stream, metadata, parsed }: Entry): Row {
    const all: Readonly<Record<string, string>> = { ...stream, ...metadata, ...parsed };
    const time = `${formatNanos(nanos, "utc").replace(" ", "T")}Z`;
    const cells = [time, nanos, ...this.#names.map((name) => all[name] ?? "")].map(csvCell).join(",");
    return { cells, labels: this.#names.length, line: csvCell(line) };
  }
}

interface Row {
  readonly cells: string;
  /** How many labels are among the cells. */
  readonly labels: number;
  readonly line: string;
}

/** A cell that a spreadsheet would take for a formula gets an apostrophe. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The names of all labels of lines, sorted. */
function namesOf(entries: readonly Entry[]): string[] {
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
