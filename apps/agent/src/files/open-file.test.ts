import { closeSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openFile } from "./open-file.ts";

test("files leave descriptors to others", () => {
  const folder = mkdtempSync(join(tmpdir(), "open-"));
  const path = join(folder, "a.log");
  writeFileSync(path, "");
  const fd = openFile(path);
  closeSync(fd);
  closeSync(openFile(path, fd + 1065));
  expect(() => openFile(path, Math.min(fd + 1, 2))).toThrow("EMFILE: too many open files, the limit (ulimit -n) is 2");
  rmSync(folder, { recursive: true });
});
