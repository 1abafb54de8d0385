import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { snappyCompress } from "@ratatosk/kernels";
import { test } from "vitest";
import { LineScanner } from "../files/line-scanner.ts";
import { OpenBatch } from "./open-batch.ts";

const lines = Array.from(
  { length: 16_000 },
  (_, i) =>
    `2026-01-15T10:00:00.${i}Z level=${i % 20 ? "info" : "error"} msg="request completed" path=/api/orders/${i * 7919} ` +
    `status=${i % 50 ? 200 : 503} duration=${i % 997}ms trace_id=${(i * 2_654_435_761).toString(16)}\n`,
);

test("a file of 2 MB on its way to a request", async ({ bench }) => {
  const directory = mkdtempSync(join(tmpdir(), "agent-bench-"));
  const path = join(directory, "app.log");
  writeFileSync(path, lines.join(""));
  const file = openSync(path, "r");
  const scanner = new LineScanner();

  /** Reads the whole file, piece by piece. */
  function scan(take: (scanner: LineScanner) => void): void {
    for (let offset = 0; ; offset += scanner.consumed) {
      scanner.read(file, offset);
      if (scanner.count === 0) return;
      take(scanner);
    }
  }

  function batchOf(): OpenBatch {
    const batch = new OpenBatch(0);
    const stream = batch.stream('{app="shop", filename="/var/log/app.log"}');
    scan(({ bytes, starts, ends, count }) => {
      for (let i = 0; i < count; i++) stream.add(bytes, starts[i]!, ends[i]!, 1_768_478_400, i);
    });
    return batch;
  }

  await bench("lines are found", () => scan(() => undefined)).run();
  await bench("and gathered", () => batchOf().release()).run();
  await bench("and packed", () => {
    const batch = batchOf();
    snappyCompress(batch.encode());
    batch.release();
  }).run();
  closeSync(file);
  rmSync(directory, { recursive: true });
});
