import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, Registry } from "@ratatosk/observability";
import { expect, test } from "vitest";
import { Wal } from "./wal.ts";

/** A file as version 1 has always been: two records, of type 1 and 2. */
const file =
  "52544b5701010000000100000084933056526357610c0000004798e4a8016669727374207265636f72645263576100000000596f363402";

test("a log of version 1 is read", async () => {
  const directory = await mkdtemp(join(tmpdir(), "ratatosk-wal-"));
  await writeFile(join(directory, "0000000001-000001.wal"), Buffer.from(file, "hex"));
  const options = { directory, segmentBytes: 1 << 20, log: createLogger("silent"), registry: new Registry() };
  const wal = await Wal.open(options);
  const found: string[] = [];
  for await (const { type, payload } of wal.replay(1)) found.push(`${type} ${Buffer.from(payload).toString()}`);
  expect(found).toEqual(["1 first record", "2 "]);
  await wal.close();
  await rm(directory, { recursive: true });
});
