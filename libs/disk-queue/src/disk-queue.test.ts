import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DiskQueue, type DiskQueueOptions } from "./disk-queue.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "disk-queue-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const openQueue = (more: Partial<DiskQueueOptions> = {}): Promise<DiskQueue> =>
  DiskQueue.open({ directory, maxBytes: 1 << 20, whenFull: "refuse_newest", segmentBytes: 200, ...more });
const append = (queue: DiskQueue, text: string): Promise<number> =>
  queue.append(Buffer.from(`h${text}`), Buffer.from(text));
const segments = async (): Promise<string[]> =>
  (await readdir(directory))
    .filter((name) => name.endsWith(".queue"))
    .map((name) => join(directory, name))
    .sort();

async function drain(queue: DiskQueue, from = queue.acknowledged): Promise<string[]> {
  const texts: string[] = [];
  let after = from;
  for (;;) {
    const record = await queue.read(after);
    if (record === undefined) return texts;
    texts.push(Buffer.from(record.body).toString());
    after = record.sequence;
  }
}
const texts = (count: number): string[] => Array.from({ length: count }, (_, i) => `record ${i} ${"x".repeat(50)}`);

test("records come back in order, before and after it is opened again", async () => {
  const queue = await openQueue();
  for (const text of texts(10)) await append(queue, text);
  expect(await drain(queue)).toEqual(texts(10));
  await queue.close();
  const again = await openQueue();
  expect(again.nextSequence).toBe(11);
  expect(await drain(again)).toEqual(texts(10));
  await again.close();
});

test("what is acknowledged does not come back, and its segments go", async () => {
  const queue = await openQueue();
  for (const text of texts(10)) await append(queue, text);
  const before = (await segments()).length;
  queue.acknowledge(7);
  await queue.close();
  expect((await segments()).length).toBeLessThan(before);
  const again = await openQueue();
  expect(await drain(again)).toEqual(texts(10).slice(7));
  await again.close();
});

test.each([0, 5, 8])("a segment of %d bytes, made just before a crash, is made anew and not removed", async (bytes) => {
  const first = await openQueue();
  await append(first, "one");
  await first.close();
  const [path] = await segments();
  const next = join(directory, `${"2".padStart(16, "0")}.queue`);
  await writeFile(next, (await readFile(path!)).subarray(0, bytes));
  const queue = await openQueue();
  await append(queue, "two");
  queue.acknowledge(1);
  await queue.persist();
  expect(await segments()).toEqual([next]);
  await queue.close();
  const again = await openQueue();
  expect([again.nextSequence, await drain(again)]).toEqual([3, ["two"]]);
  await again.close();
});

test("records appended at once share an fsync and keep their order", async () => {
  const queue = await openQueue({ segmentBytes: 1 << 20 });
  expect(await Promise.all(texts(50).map((text) => append(queue, text)))).toEqual(texts(50).map((_, i) => i + 1));
  expect(await drain(queue)).toEqual(texts(50));
  await queue.close();
});

test("heads of all records are read without bodies", async () => {
  const queue = await openQueue();
  for (const text of texts(5)) await append(queue, text);
  const heads: string[] = [];
  for await (const { head } of queue.heads()) heads.push(Buffer.from(head).toString());
  expect(heads).toEqual(texts(5).map((text) => `h${text}`));
  await queue.close();
});

test("a torn end at any byte loses only the torn record, and its number is not given again", async () => {
  const queue = await openQueue({ segmentBytes: 1 << 20 });
  for (const text of ["one", "two"]) await append(queue, text);
  await queue.close();
  const [path] = await segments();
  const whole = await readFile(path!);
  for (let size = whole.length - 1; size > whole.length - 36; size--) {
    await truncate(path!, size);
    const again = await openQueue();
    expect(await drain(again, 0)).toEqual(["one"]);
    expect(await append(again, "three")).toBe(3);
    expect(await drain(again, 0)).toEqual(["one", "three"]);
    await again.close();
    for (const segment of await segments()) await rm(segment);
    await writeFile(path!, whole);
  }
});

test("a flipped bit loses one record of a segment at most its rest, never opening", async () => {
  const queue = await openQueue({ segmentBytes: 1 << 20 });
  for (const text of texts(4)) await append(queue, text);
  await queue.close();
  const [path] = await segments();
  const whole = await readFile(path!);
  for (let at = 0; at < whole.length; at += 7) {
    const broken = Buffer.from(whole);
    broken[at]! ^= 0x10;
    await writeFile(path!, broken);
    const again = await openQueue();
    const got = await drain(again, 0);
    expect(texts(4).filter((text) => got.includes(text))).toEqual(got);
    await append(again, "later");
    expect((await drain(again, 0)).at(-1)).toBe("later");
    await again.close();
    for (const segment of await segments()) await rm(segment);
  }
});

test("a full queue refuses the newest record and takes records again once there is room", async () => {
  const queue = await openQueue({ maxBytes: 600 });
  let stored = 0;
  await expect(async () => {
    for (const text of texts(20)) {
      await append(queue, text);
      stored++;
    }
  }).rejects.toThrow("is full");
  expect(await drain(queue)).toEqual(texts(20).slice(0, stored));
  queue.acknowledge(stored);
  expect(await append(queue, "room")).toBe(stored + 1);
  await queue.close();
});

test("or drops the oldest segment and says how many records went", async () => {
  let lost = 0;
  const queue = await openQueue({ maxBytes: 600, whenFull: "drop_oldest", onLost: ({ records }) => (lost += records) });
  for (const text of texts(20)) await append(queue, text);
  const left = await drain(queue);
  expect(left).toEqual(texts(20).slice(-left.length));
  expect(lost).toBe(20 - left.length);
  await queue.close();
});

test("random appends, acknowledgements and crashes lose nothing that was not acknowledged", async () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  const model: string[] = [];
  let queue = await openQueue();
  let acknowledged = 0;
  for (let step = 0; step < 100; step++) {
    const action = random(10);
    if (action < 6) {
      const text = `step ${step} ${"y".repeat(random(90))}`;
      await append(queue, text);
      model.push(text);
    } else if (action < 8) {
      acknowledged = Math.min(model.length, acknowledged + random(4));
      queue.acknowledge(acknowledged);
      await queue.persist();
    } else if (action === 8) {
      await queue.close();
      queue = await openQueue();
    } else {
      queue = await openQueue();
    }
    expect(await drain(queue)).toEqual(model.slice(acknowledged));
  }
  await queue.close();
});

/** Two records of one segment, as they lie in the buffers of agents. */
const version1 =
  "52544b5155450001b59abd3e57ee7192000000000000f03f0000e06d18bc7942060000000500000068666972737466697273747cd895520000000000000000000000400000e06d18bc7942010000000000000068";

test("a queue of version 1 is written as it always was, and read", async () => {
  const queue = await openQueue({ now: () => 1_768_478_400_000 });
  await append(queue, "first");
  await append(queue, "");
  await queue.close();
  const [path] = await segments();
  expect((await readFile(path!)).toString("hex")).toBe(version1);
  await writeFile(path!, Buffer.from(version1, "hex"));
  const again = await openQueue();
  expect(await drain(again)).toEqual(["first", ""]);
  await again.close();
});
