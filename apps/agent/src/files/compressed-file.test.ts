import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { createLogger, Registry } from "@ratatosk/observability";
import { afterAll, expect, test } from "vitest";
import { entryOf, type Outlet } from "../lines.ts";
import { Pipeline } from "../pipeline.ts";
import { Positions } from "../positions.ts";
import { ReadClock } from "../time/instant.ts";
import { CompressedFile } from "./compressed-file.ts";
import { FileEvents } from "./file-events.ts";

const directory = mkdtempSync(join(tmpdir(), "compressed-"));
afterAll(() => rmSync(directory, { recursive: true }));

const text = Array.from({ length: 5000 }, (_, i) => `line ${i} ${"ünïcode ".repeat(i % 20)}\n`).join("");
const lines = text.slice(0, -1).split("\n");
const twenty = Array.from({ length: 20 }, (_, i) => `line ${i}`);
/** The twenty lines as bzip2 packs them, and in UTF-16 with a byte order mark. */
const bzip2 =
  "QlpoOTFBWSZTWXjYPrwAADdZAAAQQAB/4AIlIABQpgAJoJT1UD9U0yPUzuvHPU7x5mSSSTQUawNUKqqqqthRYUfBRYUfi7kinChIPGwfXgA=";
const bzip2Wide =
  "QlpoOTFBWSZTWe0pQsYAAJbZAMAQQAB/4AIlAAGgAFCmTEyDIwSaqjH6qYDUz7w56X9rtvxbbbbryEOdhkFVVVVHAQwEO5AwEHBJCf2SB4+i7kinChIdpShYwA==";
const utf16 = (content: string): Buffer => Buffer.from(content, "utf16le");

/** What is read of a file, without stages or through one that passes everything. */
async function read(bytes: Buffer, { format = "gz", encoding, from = 0, stages = false }: Options = {}): Promise<Read> {
  const path = join(directory, "file");
  writeFileSync(path, bytes);
  const config = { filename: join(directory, "positions.yaml"), syncPeriodMs: 1000, ignoreInvalidYaml: false };
  writeFileSync(config.filename, `positions:\n  ${path}: "${from}"\n`);
  const log = createLogger("silent");
  const positions = new Positions({ ...config, readOnly: true }, log);
  await positions.load();
  const taken: string[] = [];
  const sink: Outlet = {
    lines: (all) => {
      for (let i = 0; i < all.count; i++) taken.push(entryOf(all, i).text);
    },
    entry: (entry) => void taken.push(entry.text),
    ready: () => undefined,
  };
  const outlet = new Pipeline(stages ? [{ process: (entry, emit) => emit(entry) }] : [], sink);
  const parts = { path, job: "job", labels: new Map([["job", "job"]]), encoding, format, initialDelayMs: 0 };
  const events = new FileEvents(log, new Registry());
  const file = new CompressedFile({ ...parts, positions, events, clock: new ReadClock(), outlet });
  await file.read();
  file.close();
  return { lines: taken, position: file.origin.read, file };
}
interface Options {
  readonly format?: string;
  readonly encoding?: string;
  readonly from?: number;
  readonly stages?: boolean;
}
interface Read {
  readonly lines: string[];
  readonly position: number;
  readonly file: CompressedFile;
}

test.each([
  ["gz", gzipSync(text), undefined],
  ["gz", Buffer.concat([gzipSync(text.slice(0, 9000)), gzipSync(text.slice(9000))]), undefined],
  ["z", deflateSync(text), undefined],
  ["gz", gzipSync(utf16(text)), "utf-16le"],
  ["bz2", Buffer.from(bzip2, "base64"), undefined, twenty],
  ["bz2", Buffer.from(bzip2Wide, "base64"), "utf-16le", twenty],
])("%s is read to its end (%#)", async (format, bytes, encoding, expected = lines) => {
  const options = { format, ...(encoding ? { encoding } : {}) };
  expect((await read(bytes, options)).lines).toEqual(expected);
});

test.each([false, true])("its position counts lines, and reading goes on there (stages: %s)", async (stages) => {
  expect((await read(gzipSync(text), { stages })).position).toBe(lines.length);
  const rest = await read(gzipSync(text), { stages, from: 4990 });
  expect(rest.lines).toEqual(lines.slice(4990));
  expect(rest.position).toBe(lines.length);
});

test("one that is cut off gives the lines before the cut, and is read again only once it has changed", async () => {
  const { lines: taken, file } = await read(gzipSync(text).subarray(0, -500));
  expect(taken).toEqual(lines.slice(0, taken.length));
  expect(taken.length).toBeGreaterThan(0);
  expect(file.lastError).toContain("unexpected end of file");
  expect(file.mayBeWhole).toBe(false);
  writeFileSync(file.path, gzipSync(text));
  expect(file.mayBeWhole).toBe(true);
});
