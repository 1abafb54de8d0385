import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, Registry } from "@ratatosk/observability";
import { test } from "vitest";
import { Wal } from "./wal.ts";

const record = { type: 1, payload: Buffer.alloc(64 * 1024, "a record of the log, ") };
const eight = Array.from({ length: 8 }, () => record);

test("eight durable records of 64 KiB", async ({ bench }) => {
  const directory = await mkdtemp(join(tmpdir(), "ratatosk-wal-bench-"));
  const log = createLogger("silent");
  const wal = await Wal.open({ directory, segmentBytes: 2 ** 26, log, registry: new Registry() });
  const file = await open(join(directory, "plain"), "w");
  await bench.compare(
    bench("together, one fsync", async () => void (await Promise.all(eight.map((one) => wal.append(one))))),
    bench("one by one", async () => {
      for (const one of eight) await wal.append(one);
    }),
    bench("the plain way: write, fsync", async () => {
      for (const { payload } of eight) {
        await file.write(payload);
        await file.datasync();
      }
    }),
  );
  await file.close();
  await wal.close();
  await rm(directory, { recursive: true });
});
