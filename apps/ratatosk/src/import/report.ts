import { printSize } from "../client/print.ts";
import type { ImportCounts } from "./importer.ts";

/** Seen on ordinary logs: how many times smaller Loki stores them, we do, and bytes of lines imported a second. */
const usual = { lokiRatio: 3.5, ratio: 4.5, bytesPerSecond: 30e6 };

/** What an import has done. */
export function summary(name: string, counts: ImportCounts): string {
  const { units, skipped, streams, chunks, entries, duplicates, bytes, storedBytes } = counts;
  return [
    `${name}: imported`,
    `  days       ${units} (of each tenant)${skipped > 0 ? `, ${skipped} of them before` : ""}`,
    `  streams    ${streams} (counted anew each day)`,
    `  chunks     ${chunks}`,
    `  lines      ${entries}`,
    `  duplicates ${duplicates}`,
    `  raw        ${bytes} bytes`,
    `  stored     ${storedBytes} bytes`,
    "",
  ].join("\n");
}

/** What it would do. A boltdb index tells neither lines nor bytes: there the size of the chunks has to do. */
export function estimate(name: string, counts: ImportCounts): string {
  const { units, skipped, streams, chunks, entries, bytes, oldBytes, untoldBytes } = counts;
  const raw = bytes + untoldBytes * usual.lokiRatio;
  const told = entries > 0 ? `about ${entries}` : "";
  const untold =
    untoldBytes > 0 ? `what ${printSize(untoldBytes)} of chunks hold, which a boltdb index does not tell` : "";
  return [
    `${name}: would import`,
    `  days       ${units - skipped}${skipped > 0 ? `; ${skipped} are done` : ""}`,
    `  streams    ${streams} (counted anew each day)`,
    `  chunks     ${chunks}, ${printSize(oldBytes)}`,
    `  lines      ${[told, untold].filter(Boolean).join(" and ") || "0"}`,
    `  raw        about ${printSize(raw)}`,
    `  stored     about ${printSize(raw / usual.ratio)}`,
    `  time       about ${Math.ceil(raw / usual.bytesPerSecond)} s`,
    "",
  ].join("\n");
}
