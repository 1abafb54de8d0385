import { stat } from "node:fs/promises";
import { parseDuration } from "@ratatosk/config";
import type { ClientOptions } from "../client/api.ts";
import { parseMoment } from "../client/time.ts";
import { Cursor, type CursorState } from "./cursor.ts";
import { ExportFile } from "./export-file.ts";
import { exportLines } from "./export-lines.ts";
import { ProgressBar } from "./progress-bar.ts";
import { csvHeader, csvRow, jsonlRow } from "./rows.ts";

export interface ExportOptions extends ClientOptions {
  readonly file?: string;
  readonly format: "jsonl" | "csv";
  readonly batch: string;
}

/**
 * `ratatosk export`: writes all lines of a range, oldest first. Beside the file lies a cursor until all is written: the same
 * command goes on where an interrupted one stopped. Its exit code.
 */
export async function runExport(query: string, options: ExportOptions): Promise<number> {
  const { file, format } = options;
  const cursor = file === undefined ? undefined : new Cursor(`${file}.cursor`);
  const known = await cursor?.read({ query, format });
  if (file !== undefined && known === undefined && (await exists(file)))
    throw new Error(`${file} exists, and no ${file}.cursor says where to go on`);
  const state = known ?? startOf(query, options);
  const out = new ExportFile(file, state.bytes);
  const bar = new ProgressBar(state);
  const aborter = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => aborter.abort());
  try {
    await out.open();
    if (state.bytes === 0 && format === "csv") state.bytes += await out.write([csvHeader]);
    await exportLines(state, { options, signal: aborter.signal }, async (entries) => {
      state.bytes += await out.write(entries.map(format === "csv" ? csvRow : jsonlRow));
      state.lines += entries.length;
      await cursor?.write(state);
      bar.show(state);
    });
  } finally {
    await out.close();
  }
  bar.end(state, aborter.signal.aborted);
  if (aborter.signal.aborted) return 130;
  await cursor?.remove();
  return 0;
}

function startOf(query: string, { from, to, since, format }: ExportOptions): CursorState {
  const end = to === undefined ? BigInt(Date.now()) * 1_000_000n : parseMoment(to, "--to");
  const ago = BigInt(parseDuration(since ?? "1h") ?? 3_600_000) * 1_000_000n;
  const start = from === undefined ? end - ago : parseMoment(from, "--from");
  return { query, format, start, end, at: start, seen: [], lines: 0, bytes: 0 };
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;
