import { execFileSync } from "node:child_process";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, Registry } from "@ratatosk/observability";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Wal } from "./wal.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ratatosk-wal-"));
});
afterEach(() => rm(directory, { recursive: true }));

const open = (segmentBytes = 1 << 20, at = directory): Promise<Wal> =>
  Wal.open({ directory: at, segmentBytes, log: createLogger("silent"), registry: new Registry() });

const record = (text: string, type = 1) => ({ type, payload: Buffer.from(text) });

async function texts(wal: Wal, generation = wal.generation): Promise<string[]> {
  const found: string[] = [];
  for await (const { payload } of wal.replay(generation)) found.push(Buffer.from(payload).toString());
  return found;
}

test("what was appended is replayed in order, over parts and openings", async () => {
  const expected: string[] = [];
  for (let round = 0; round < 3; round++) {
    const wal = await open(200);
    expect(await texts(wal)).toEqual(expected);
    const fresh = Array.from({ length: 20 }, (_, at) => `record ${round}/${at}`);
    for (const text of fresh) await wal.append(record(text));
    expected.push(...fresh);
    await wal.close();
  }
  expect((await readdir(directory)).length).toBeGreaterThan(5);
});

test("appends that wait together share one write, and are applied in order before they resolve", async () => {
  const wal = await open();
  const applied: number[] = [];
  await Promise.all(Array.from({ length: 500 }, (_, at) => wal.append(record(`r${at}`), () => applied.push(at))));
  expect(applied).toEqual(Array.from({ length: 500 }, (_, at) => at));
  await wal.close();
  expect(await texts(await open())).toHaveLength(500);
});

test("a generation ends between two appends and is dropped alone", async () => {
  const wal = await open();
  const order: string[] = [];
  const jobs = [
    wal.append(record("old"), () => order.push("old")),
    wal.rotate(
      () => [record("window", 2)],
      () => order.push("turn"),
    ),
    wal.append(record("new"), () => order.push("new")),
  ];
  await Promise.all(jobs);
  expect(order).toEqual(["old", "turn", "new"]);
  expect(await texts(wal, 1)).toEqual(["old"]);
  expect(await texts(wal, 2)).toEqual(["window", "new"]);
  await wal.drop(1);
  expect(wal.generations).toEqual([2]);
  await wal.close();
  const again = await open();
  expect(again.generation).toBe(2);
  expect(again.id).toBe(wal.id);
  expect(await texts(again)).toEqual(["window", "new"]);
});

test("cut at every byte, the log yields every whole record, and goes on", async () => {
  const wal = await open();
  const written = ["first", "second, longer", "", "third"];
  for (const text of written) await wal.append(record(text));
  await wal.close();
  const file = join(
    directory,
    (await readdir(directory)).find((name) => name.endsWith(".wal"))!,
  );
  const whole = await readFile(file);
  for (let end = 0; end < whole.length; end++) {
    const at = await mkdtemp(join(directory, "cut-"));
    await writeFile(join(at, "0000000001-000001.wal"), whole.subarray(0, end));
    const cut = await open(1 << 20, at);
    const left = await texts(cut);
    expect(written.slice(0, left.length)).toEqual(left);
    expect(left.length).toBe(wholeRecords(written, end));
    await cut.append(record("after"));
    await cut.close();
    expect(await texts(await open(1 << 20, at))).toEqual([...left, "after"]);
  }
});

test("a changed byte costs the record it lies in and no other", async () => {
  const wal = await open();
  const written = ["first", "second", "third"];
  for (const text of written) await wal.append(record(text));
  await wal.close();
  const file = join(directory, "0000000001-000001.wal");
  const whole = await readFile(file);
  for (let at = 17; at < whole.length; at++) {
    const changed = Buffer.from(whole);
    changed[at]! ^= 0x21;
    await writeFile(file, changed);
    const lost = at < 17 + 18 ? 0 : at < 17 + 18 + 19 ? 1 : 2;
    expect(await texts(await open())).toEqual(written.toSpliced(lost, 1));
  }
});

test("a record inside a payload is not taken for one, however the file is damaged", async () => {
  const wal = await open();
  await wal.append(record("inner"));
  await wal.close();
  const file = join(directory, "0000000001-000001.wal");
  const inner = (await readFile(file)).subarray(17);
  const again = await open();
  await again.append({ type: 1, payload: inner });
  await again.close();
  const second = join(directory, "0000000001-000002.wal");
  const bytes = await readFile(second);
  bytes[20]! ^= 1;
  await writeFile(second, bytes);
  expect(await texts(await open())).toEqual(["inner"]);
});

test("bytes of a file that is no log are skipped", async () => {
  const wal = await open();
  await wal.append(record("kept"));
  await wal.close();
  await writeFile(join(directory, "0000000001-000002.wal"), Buffer.alloc(500, 7));
  await appendFile(join(directory, "other.txt"), "x");
  expect(await texts(await open())).toEqual(["kept"]);
});

test.skipIf(process.getuid?.() !== 0)(
  "a full disk refuses, loses nothing, and is taken up again once there is room",
  async () => {
    const mount = join(directory, "mount");
    execFileSync("mkdir", [mount]);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", mount]);
    try {
      const wal = await open(1 << 20, mount);
      const text = "x".repeat(10_000);
      const kept: string[] = [];
      const refused: unknown[] = [];
      for (let at = 0; at < 40; at++)
        await wal.append(record(`${at} ${text}`)).then(
          () => kept.push(`${at} ${text}`),
          (error: unknown) => refused.push(error),
        );
      expect(refused.length).toBeGreaterThan(5);
      expect(refused[0]).toMatchObject({ code: "unavailable" });
      execFileSync("mount", ["-o", "remount,size=1m", mount]);
      await wal.append(record("room again"));
      await wal.close();
      expect(await texts(await open(1 << 20, mount))).toEqual([...kept, "room again"]);
    } finally {
      execFileSync("umount", ["-l", mount]);
    }
  },
);

function wholeRecords(written: readonly string[], end: number): number {
  let at = 17;
  let count = 0;
  for (const text of written) {
    at += 13 + text.length;
    if (at <= end) count++;
  }
  return count;
}
