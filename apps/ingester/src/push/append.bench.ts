import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeBatch } from "@ratatosk/chunk";
import { joinLines } from "@ratatosk/chunk/testing";
import { test } from "vitest";
import { startRig } from "../testing/rig.ts";

const rows = 5000;
let batches = 0;

/** A MB of lines of six streams, later than the batch before. */
function nextBatch(): Uint8Array {
  const base = 1_768_478_400_000_000_000n + BigInt(batches++) * 1_000_000_000n;
  const streams = Array.from({ length: 6 }, (_, stream) => {
    const line = (row: number): Buffer =>
      Buffer.from(
        `level=info msg="request ${row * 7919} completed" trace_id=${(row * 104_729 + batches).toString(16)}`.padEnd(
          200,
          " path=/orders",
        ),
      );
    const lines = Array.from({ length: rows / 6 }, (_, row) => line(row));
    const deltas = Float64Array.from(lines, (_, row) => row * 1e5);
    const block = { count: lines.length, base, deltas, ...joinLines(lines), metadata: [] };
    return { labels: `{app="a", pod="${stream}"}`, block };
  });
  return encodeBatch({ tenant: "fake", streams });
}

test(`appends of ${rows} lines, durable and shipped once there is enough`, async ({ bench }) => {
  const directory = await mkdtemp(join(tmpdir(), "ratatosk-append-"));
  const rig = await startRig({ directory });
  const prepared = Array.from({ length: 300 }, nextBatch);
  let at = 0;
  await bench("one after the other", async () => void (await rig.api.push(prepared[at++ % prepared.length]!))).run();
  await bench("four at once", async () => {
    await Promise.all([0, 1, 2, 3].map(() => rig.api.push(prepared[at++ % prepared.length]!)));
  }).run();
  await rig.stop();
  await rm(directory, { recursive: true });
});
