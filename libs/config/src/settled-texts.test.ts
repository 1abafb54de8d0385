import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { settledTexts } from "./settled-texts.ts";

const folder = mkdtempSync(join(tmpdir(), "settled-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "file");

test("what has changed and stays is told", async () => {
  writeFileSync(file, "new");
  await expect(settledTexts([file], ["old"])).resolves.toEqual(["new"]);
  await expect(settledTexts([file], ["new"])).resolves.toEqual(["new"]);
});

test("a file that somebody is writing is not", async () => {
  let version = 0;
  const writing = setInterval(() => {
    writeFileSync(`${file}.new`, `version ${version++}`);
    renameSync(`${file}.new`, file);
  }, 1);
  await expect(settledTexts([file], ["old"])).resolves.toBeUndefined();
  clearInterval(writing);
});

test("one that cannot be read is named", async () => {
  await expect(settledTexts([join(folder, "none")], [""])).rejects.toThrow("none: cannot be read: ENOENT");
});
