import { FilesystemStore } from "@ratatosk/object-store";
import { batchOf, noon, type Row, startRig } from "./rig.ts";

/** Pushes numbered batches from `first` on, four at a time, and prints each number once it is acknowledged. */
const [wal = "", objects = "", first = "0"] = process.argv.slice(2);
const config = { memory_budget: "300KB", chunk_block_size: "32KB", wal: { segment_size: "64KB" } };
const rig = await startRig({ directory: wal, objects: new FilesystemStore(objects), config });
let next = Number(first);

async function pushOn(): Promise<never> {
  for (;;) {
    const number = next++;
    await rig.api.push(batchOf({ [`app-${number % 5}`]: rowsOfBatch(number) }, { agent: "child", sequence: number }));
    process.stdout.write(`${number}\n`);
  }
}

function rowsOfBatch(number: number): Row[] {
  const from = noon + BigInt(number) * 1_000_000_000n;
  return Array.from({ length: 20 }, (_, at) => [from + BigInt(at), `batch ${number} line ${at} ${"x".repeat(100)}`]);
}

await Promise.all([pushOn(), pushOn(), pushOn(), pushOn()]);
