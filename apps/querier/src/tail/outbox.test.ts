import { expect, test } from "vitest";
import { Outbox, type TailEntry } from "./outbox.ts";

const entry = (time: number, bytes = 1): TailEntry => ({
  labels: [["app", "a"]],
  entry: { time: BigInt(time), line: new Uint8Array(bytes) },
});
const times = (entries: readonly TailEntry[]): number[] => entries.map(({ entry: { time } }) => Number(time));

test("entries leave once they are due, in the order of their times", () => {
  const outbox = new Outbox();
  outbox.add(entry(3), 100);
  outbox.add(entry(1), 100);
  outbox.add(entry(2), 200);
  expect([outbox.take(99), outbox.take(100), outbox.take(200)].map(times)).toEqual([[], [1, 3], [2]]);
});

test("a full outbox drops new entries and notes the last thousand", () => {
  const outbox = new Outbox();
  for (let time = 0; time < 21_500; time++) outbox.add(entry(time), 0);
  expect(outbox.take(0)).toHaveLength(20_000);
  const dropped = outbox.takeDropped();
  expect([dropped.length, dropped[0]!.time, dropped.at(-1)!.time]).toEqual([1000, 20_500n, 21_499n]);
  expect(outbox.takeDropped()).toEqual([]);
});

test("bytes count too", () => {
  const outbox = new Outbox();
  for (let time = 0; time < 10; time++) outbox.add(entry(time, 2 ** 20), 0);
  expect([outbox.take(0).length, outbox.takeDropped().length]).toEqual([8, 2]);
});
