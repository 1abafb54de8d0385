import { MemoryStore } from "@ratatosk/object-store";
import { expect, test } from "vitest";
import { Lease, leaseKey } from "./lease.ts";

test("one of two has the lease, the other gets it when it runs out or is let go", async () => {
  const objects = new MemoryStore();
  let nowMs = 1000;
  const now = (): number => nowMs;
  const [a, b] = ["a", "b"].map((owner) => new Lease({ objects, owner, durationMs: 500, now })) as [Lease, Lease];
  expect(await a.acquire()).toBe(true);
  expect(await b.acquire()).toBe(false);
  nowMs += 400;
  expect(await a.acquire()).toBe(true);
  nowMs += 400;
  expect([a.isHeld, await b.acquire()]).toEqual([true, false]);
  nowMs += 101;
  expect([a.isHeld, await b.acquire(), await a.acquire()]).toEqual([false, true, false]);
  await b.release();
  expect([b.isHeld, await a.acquire()]).toEqual([false, true]);
});

test("of two that write at once the last has it; an unreadable lease is nobody's", async () => {
  const objects = new MemoryStore();
  await objects.put(leaseKey, Buffer.from("{"));
  const [a, b] = ["a", "b"].map((owner) => new Lease({ objects, owner, durationMs: 60_000, now: Date.now })) as [
    Lease,
    Lease,
  ];
  expect((await Promise.all([a.acquire(), b.acquire()])).filter(Boolean)).toHaveLength(1);
});
