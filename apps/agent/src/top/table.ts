import type { Snapshot, SourceRow } from "./snapshot.ts";

const units = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `1.5 MiB` */
export function readableBytes(bytes: number): string {
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** `3m20s` */
export function readableAge(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  return `${Math.floor(seconds / 3600)}h${Math.floor((seconds % 3600) / 60)}m`;
}

/** The servers and below them the sources, one a line; cut to the terminal where one is given. */
export function printTop(
  { clients }: Snapshot,
  rows: readonly SourceRow[],
  nowMs: number,
  screen: { readonly columns: number; readonly lines: number } = { columns: Infinity, lines: Infinity },
): string {
  const servers = clients.map(({ url, tenant, batches, bytes, oldestMs, lastError }) => [
    url,
    tenant || "-",
    String(batches),
    readableBytes(bytes),
    batches > 0 && oldestMs !== undefined ? readableAge(nowMs - oldestMs) : "-",
    lastError ?? "",
  ]);
  const sources = rows.map((row) => [
    row.job,
    row.name,
    row.linesPerSecond.toFixed(row.linesPerSecond < 10 ? 1 : 0),
    readableBytes(row.bytesPerSecond),
    row.lagBytes === undefined ? "?" : readableBytes(row.lagBytes),
    row.lastError,
  ]);
  const lines = [
    ...columns(["SERVER", "TENANT", "WAITING", "BUFFER", "OLDEST", "LAST ERROR"], servers, 2),
    "",
    ...columns(["JOB", "SOURCE", "LINES/S", "BYTES/S", "LAG", "LAST ERROR"], sources, 2),
  ];
  return lines
    .slice(0, screen.lines)
    .map((line) => `${line.slice(0, screen.columns)}\n`)
    .join("");
}

/** Text columns as wide as their widest cell; from `numeric` to the last but one they are aligned to the right. */
function columns(heads: readonly string[], rows: readonly (readonly string[])[], numeric: number): string[] {
  const all = [heads, ...rows.map((row) => row.map(printable))];
  const widths = heads.map((_, i) => all.reduce((widest, row) => Math.max(widest, row[i]!.length), 0));
  const cell = (text: string, i: number): string =>
    i >= numeric && i < heads.length - 1 ? text.padStart(widths[i]!) : text.padEnd(widths[i]!);
  return all.map((row) => row.map(cell).join("  ").trimEnd());
}

/** Names of files and errors of servers may hold anything; a terminal gets no control characters. */
// oxlint-disable-next-line no-control-regex
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
