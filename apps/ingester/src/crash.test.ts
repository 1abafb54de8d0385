import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { FilesystemStore } from "@ratatosk/object-store";
import { expect, test } from "vitest";
import { rowsOf, startRig } from "./testing/rig.ts";

const rounds = 8;
const child = new URL("testing/crash-child.ts", import.meta.url).pathname;

test(
  "killed at any moment, nothing acknowledged is lost and nothing is stored twice",
  { timeout: 60_000 },
  async () => {
    const directory = await mkdtemp(join(tmpdir(), "ratatosk-crash-"));
    const [wal, objects] = [join(directory, "wal"), join(directory, "objects")];
    const acknowledged = new Set<number>();
    for (let round = 0; round < rounds; round++)
      for (const number of await runUntilKilled(wal, objects, firstMissing(acknowledged), 30 + 90 * round))
        acknowledged.add(number);
    expect(acknowledged.size).toBeGreaterThan(100);

    const rig = await startRig({ directory: wal, objects: new FilesystemStore(objects) });
    await rig.api.flush();
    const stored = (await rowsOf(rig.store)).map((row) => /batch (\d+ line \d+)/.exec(row)![1]!);
    const expected = [...acknowledged].flatMap((number) =>
      Array.from({ length: 20 }, (_, at) => `${number} line ${at}`),
    );
    expect(new Set(stored).size).toBe(stored.length);
    const found = new Set(stored);
    expect(expected.filter((line) => !found.has(line))).toEqual([]);
    await rig.stop();
    await rm(directory, { recursive: true });
  },
);

/** Runs a child from its first acknowledgement on for some time, and returns what it acknowledged. */
async function runUntilKilled(wal: string, objects: string, first: number, forMs: number): Promise<number[]> {
  const running = spawn(process.execPath, [child, wal, objects, String(first)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const numbers: number[] = [];
  for await (const line of createInterface(running.stdout)) {
    if (numbers.length === 0) setTimeout(() => running.kill("SIGKILL"), forMs);
    numbers.push(Number(line));
  }
  return numbers;
}

function firstMissing(numbers: ReadonlySet<number>): number {
  let first = 0;
  while (numbers.has(first)) first++;
  return first;
}
