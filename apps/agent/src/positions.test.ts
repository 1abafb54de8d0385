import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@ratatosk/observability";
import { afterEach, beforeEach, expect, test } from "vitest";
import { identify } from "./files/file-identity.ts";
import { Origin } from "./origin.ts";
import { type FoundMark, Positions } from "./positions.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "positions-"));
  writeFileSync(log(), "a line\n");
});
afterEach(() => rmSync(directory, { recursive: true }));

const log = (): string => join(directory, "app.log");
const filename = (): string => join(directory, "positions.yaml");
const positions = (): Positions =>
  new Positions(
    { filename: filename(), syncPeriodMs: 1000, ignoreInvalidYaml: false, readOnly: false },
    createLogger("silent"),
  );

/** The log, of which `read` bytes are with the server. */
function originAt(read: number): Origin {
  const origin = new Origin(log(), "test", read);
  const fd = openSync(log(), "r");
  origin.file = identify(fd, "1:2");
  closeSync(fd);
  return origin;
}

const markOf = ({ key, job, file }: Origin, read: number): FoundMark => ({
  key,
  job,
  mark: read,
  safe: read,
  text: String(read),
  consumer: "c",
  cut: 1,
  isKept: false,
  ...(file && { file }),
});

async function positionAfter(mark: FoundMark): Promise<string | undefined> {
  const restarted = positions();
  await restarted.load();
  restarted.learn([mark]);
  return restarted.get(log());
}

test("what records say is believed after a crash within the first writing of positions", async () => {
  const origin = originAt(5);
  const first = positions();
  first.track(origin);
  // The positions cannot be written, as if the process had ended before.
  mkdirSync(filename());
  await first.sync();
  rmdirSync(filename());
  expect(await positionAfter(markOf(origin, 7))).toBe("7");
});

test("a crash between positions and what files are recognised by leaves neither without the other", async () => {
  const old = originAt(3);
  const first = positions();
  first.track(old);
  await first.sync();
  const before = readFileSync(filename(), "utf8");
  const fresh = originAt(5);
  const second = positions();
  await second.load();
  second.track(fresh);
  // The positions cannot be written, as if the process had ended before.
  renameSync(filename(), join(directory, "kept"));
  mkdirSync(filename());
  await second.sync();
  rmdirSync(filename());
  renameSync(join(directory, "kept"), filename());
  expect(readFileSync(filename(), "utf8")).toBe(before);
  const restarted = positions();
  await restarted.load();
  expect([restarted.get(log()), restarted.identityAt(log())?.id]).toEqual(["5", fresh.file?.id]);
});

test("a file whose entry was removed is read again, whatever records say", async () => {
  const origin = originAt(5);
  const first = positions();
  first.track(origin);
  await first.sync();
  expect(await positionAfter(markOf(origin, 7))).toBe("7");
  writeFileSync(filename(), "positions: {}\n");
  expect(await positionAfter(markOf(origin, 7))).toBeUndefined();
  unlinkSync(filename());
  expect(await positionAfter(markOf(origin, 7))).toBeUndefined();
});
