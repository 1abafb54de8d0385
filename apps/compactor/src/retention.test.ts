import { parseLabels } from "@ratatosk/model";
import { MemoryStore, type ObjectStore } from "@ratatosk/object-store";
import { expect, test } from "vitest";
import { LimitsConfig } from "@ratatosk/config";
import { leaseKey } from "./lease.ts";
import { Periods } from "./retention/periods.ts";
import { bytesOverPercent } from "./retention/volume.ts";
import { day, failingFrom, type Line, randomLines, readAll, ship, testCompactor, textsOf } from "./testing.ts";

const { signal } = new AbortController();
const dayMs = 86_400_000;
const on =
  (daysLater: number, hours = 1) =>
  (): number =>
    Date.parse(day) + (daysLater + 1) * dayMs + hours * 3_600_000;
const enabled = { retention_enabled: true, retention_delete_delay: "0s" };

async function sizeOf(objects: ObjectStore, prefix: string): Promise<number> {
  let bytes = 0;
  for await (const { size } of objects.list(prefix)) bytes += size;
  return bytes;
}

/** What a store holds after the compactor ran, as often as it takes for garbage to go. */
async function after(objects: ObjectStore, options: Parameters<typeof testCompactor>[1]): Promise<string[]> {
  await testCompactor(objects, options).runOnce(signal);
  await objects.delete([leaseKey]);
  return readAll(objects);
}

test("lines go when their period is over, and with them their segments", async () => {
  const objects = new MemoryStore();
  const lines = randomLines(1, 200);
  await ship(objects, "a", lines);
  const limits = { retention_period: 2 * dayMs };
  expect(await after(objects, { config: enabled, limits, now: on(0) })).toEqual(textsOf(lines));
  expect(await after(objects, { config: { retention_enabled: false }, limits, now: on(9) })).toEqual(textsOf(lines));
  // Objects bear the time of this test, so that what is garbage is so from tomorrow on.
  const tomorrow = (): number => Date.now() + dayMs;
  expect(await after(objects, { config: enabled, limits, now: tomorrow })).toEqual([]);
  await after(objects, { config: enabled, limits, now: tomorrow });
  expect(await sizeOf(objects, "fake/"), "the empty index file goes last").toBe(0);
});

test("the selector of the highest priority decides, the shorter of equal ones", async () => {
  const periods = new Periods({
    ...LimitsConfig.parse({}),
    retention_period: 9,
    retention_stream: [
      { selector: '{app="a"}', priority: 1, period: 5 },
      { selector: '{env="dev"}', priority: 2, period: 7 },
      { selector: '{env=~"dev|qa"}', priority: 2, period: 3 },
    ],
  });
  const of = (text: string): number => periods.of(parseLabels(text));
  expect([of('{app="a"}'), of('{app="a", env="dev"}'), of('{env="qa"}'), of('{app="b"}')]).toEqual([5, 3, 3, 9]);
  expect(periods.shortest).toBe(3);
});

test("one stream may go before the others", async () => {
  const objects = new MemoryStore();
  const lines = randomLines(2, 300, 12);
  await ship(objects, "a", lines);
  const limits = { retention_stream: [{ selector: '{app="app-1"}', priority: 1, period: dayMs }] };
  const left = lines.filter(({ stream }) => stream[0]![1] !== "app-1");
  expect(await after(objects, { config: enabled, limits, now: on(3) })).toEqual(textsOf(left));
});

test("a crash at any write of a retention leaves what is to stay", async () => {
  const lines = randomLines(3, 120);
  const limits = { retention_stream: [{ selector: '{app="app-1"}', priority: 1, period: dayMs }] };
  const left = textsOf(lines.filter(({ stream }) => stream[0]![1] !== "app-1"));
  for (let failAt = 1; failAt < 12; failAt++) {
    const objects = new MemoryStore();
    await ship(objects, "a", lines);
    const found = await after(failingFrom(objects, failAt), {
      config: enabled,
      limits,
      now: () => Date.now() + dayMs,
    }).catch(() => readAll(objects));
    expect(found).toEqual(expect.arrayContaining(left));
    expect(new Set(found).size).toBe(found.length);
    await objects.delete([leaseKey]);
    expect(await after(objects, { config: enabled, limits, now: () => Date.now() + dayMs })).toEqual(left);
  }
});

test.each([
  ["of a tenant", (bytes: number) => ({ limits: { retention_max_bytes: bytes } })],
  ["of all tenants", (bytes: number) => ({ config: { retention_max_bytes: bytes } })],
])("the oldest goes while there is more than the bytes %s", async (_, settings) => {
  const objects = new MemoryStore();
  const parts: Line[][] = [1, 2, 3, 4].map((seed) => randomLines(seed + 10, 100));
  for (const [at, part] of parts.entries()) {
    await ship(objects, `f${at}`, part);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  const most = Math.ceil((await sizeOf(objects, "fake/")) * 0.6);
  const now = (): number => Date.parse(`${day}T12:00:00Z`);
  const { config = {}, limits = {} } = settings(most) as { config?: object; limits?: object };
  const left = await after(objects, { config: { ...config }, limits, now });
  expect(left).toEqual(textsOf(parts.slice(2).flat()));
  expect(await sizeOf(objects, "fake/")).toBeLessThanOrEqual(most);
});

test("how full a volume is", async () => {
  expect(await bytesOverPercent("/", 100)).toBe(0);
  expect(await bytesOverPercent("/", 0)).toBeGreaterThan(0);
});
