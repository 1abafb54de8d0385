import { DeleteRequests, DeletesSource, type DeleteRequest, nothingYet } from "@ratatosk/deletes";
import type { HttpRequest } from "@ratatosk/http";
import { MemoryStore } from "@ratatosk/object-store";
import { expect, test } from "vitest";
import { leaseKey } from "./lease.ts";
import { day, failingFrom, type Line, randomLines, readAll, ship, testCompactor, textsOf } from "./testing.ts";

const { signal } = new AbortController();
const startMs = Date.parse(day);
const config = { retention_enabled: true, delete_request_cancel_period: "1h", retention_delete_delay: "0s" };
const hour = 3_600_000;
const later = (): number => Date.now() + 3 * hour;

const requestOf = (query: string, more: Partial<DeleteRequest> = {}): DeleteRequest => ({
  id: "aaaa0000",
  query,
  startMs,
  endMs: startMs + hour,
  createdMs: Date.now(),
  state: "received",
  receipt: nothingYet,
  ...more,
});

const isApp1 = ({ stream }: Line): boolean => stream[0]![1] === "app-1";
const cases: [query: string, isDeleted: (line: Line) => boolean, more?: Partial<DeleteRequest>][] = [
  ['{app="app-1"}', isApp1],
  ["{}", () => true],
  ['{app="app-1"} |= "7"', (line) => isApp1(line) && line.text.includes("7")],
  ['{app=~".+"} | trace="t3"', ({ metadata }) => metadata?.["trace"] === "t3"],
  ['{app="app-9"}', () => false],
  ['{app="app-1"} |= "nothing like it"', () => false],
  [
    '{app="app-1"}',
    (line) => isApp1(line) && line.at >= 200e6 && line.at <= 600e6,
    { startMs: startMs + 200, endMs: startMs + 600 },
  ],
];

test.each(cases)("%s: hidden at once, removed when due, with a receipt", async (query, isDeleted, more) => {
  const objects = new MemoryStore();
  const lines = randomLines(1, 400);
  await ship(objects, "a", lines.slice(0, 250));
  await ship(objects, "b", lines.slice(150));
  const requests = new DeleteRequests({ objects, listingMs: 0, now: Date.now });
  await requests.put("fake", requestOf(query, more));
  const left = textsOf(lines.filter((line) => !isDeleted(line)));
  const visible = await readAll(
    objects,
    "fake",
    (source) => new DeletesSource(source, (tenant) => requests.list(tenant)),
  );
  expect([...new Set(visible)].sort()).toEqual(left);
  await testCompactor(objects, { config }).runOnce(signal);
  expect(await requests.list("fake")).toMatchObject([{ state: "received" }]);
  await objects.delete([leaseKey]);
  await testCompactor(objects, { config, now: later }).runOnce(signal);
  expect(await readAll(objects)).toEqual(left);
  const [request] = await requests.list("fake");
  expect(request).toMatchObject({ state: "processed" });
  const doubled = lines.slice(150, 250).filter(isDeleted).length;
  expect(request!.receipt.lines).toBe(lines.filter(isDeleted).length + doubled);
  expect(Number(await requests.generation("fake"))).toBeGreaterThan(0);
});

test("a request is carried out again once ingesters have shipped what they held", async () => {
  const objects = new MemoryStore();
  const lines = randomLines(2, 200);
  await ship(objects, "a", lines.slice(0, 100));
  const requests = new DeleteRequests({ objects, listingMs: 0, now: Date.now });
  await requests.put("fake", requestOf('{app="app-1"}'));
  const run = async (hours: number): Promise<void> => {
    const now = (): number => Date.now() + hours * hour;
    await testCompactor(objects, { config, now, flushedWithinMs: 5 * hour }).runOnce(signal);
    await objects.delete([leaseKey]);
  };
  await run(2);
  expect(await requests.list("fake")).toMatchObject([{ state: "partial" }]);
  await ship(objects, "b", lines.slice(100));
  await run(6);
  expect(await requests.list("fake")).toMatchObject([{ state: "processed" }]);
  expect(await readAll(objects)).toEqual(textsOf(lines.filter((line) => !isApp1(line))));
});

test.each(["filter-only", "disabled"] as const)("mode %s removes nothing", async (deletion_mode) => {
  const objects = new MemoryStore();
  const lines = randomLines(3, 100);
  await ship(objects, "a", lines);
  const requests = new DeleteRequests({ objects, listingMs: 0, now: Date.now });
  await requests.put("fake", requestOf("{}"));
  await testCompactor(objects, { config, limits: { deletion_mode }, now: later }).runOnce(signal);
  expect(await readAll(objects)).toEqual(textsOf(lines));
  expect(await requests.list("fake")).toMatchObject([{ state: "received" }]);
});

test("requests of all tenants are listed for those who operate, the newest first", async () => {
  const objects = new MemoryStore();
  const requests = new DeleteRequests({ objects, listingMs: 0, now: Date.now });
  await requests.put("shop", requestOf('{app="app-1"}', { id: "aaaa0001", createdMs: startMs }));
  await requests.put("fake", requestOf("{}", { id: "aaaa0002", createdMs: startMs + 1000 }));
  const routes = testCompactor(objects, { config }).routes.filter(({ path }) => path.startsWith("/compactor/ui"));
  expect(routes.map(({ methods, right, tenant }) => [...methods, right, tenant])).toEqual([
    ["POST", undefined, "one"],
    ["GET", "operate", "none"],
  ]);
  const { body } = await routes[1]!.handle({} as HttpRequest);
  expect(JSON.parse(body as string)).toMatchObject([
    { user: "fake", request_id: "aaaa0002", query: "{}", status: "received" },
    { user: "shop", request_id: "aaaa0001", query: '{app="app-1"}' },
  ]);
});

test("a crash at any write leaves each line that stays once, and the request is carried out later", async () => {
  const lines = randomLines(4, 150);
  const left = textsOf(lines.filter((line) => !isApp1(line)));
  for (let failAt = 1; failAt < 14; failAt++) {
    const objects = new MemoryStore();
    await ship(objects, "a", lines);
    const requests = new DeleteRequests({ objects, listingMs: 0, now: Date.now });
    await requests.put("fake", requestOf('{app="app-1"} |= "i"'));
    await testCompactor(failingFrom(objects, failAt), { config, now: later })
      .runOnce(signal)
      .catch(() => undefined);
    const found = await readAll(objects);
    expect(found).toEqual(expect.arrayContaining(left));
    expect(new Set(found).size).toBe(found.length);
    await objects.delete([leaseKey]);
    await testCompactor(objects, { config, now: later }).runOnce(signal);
    expect(await readAll(objects)).toEqual(left);
    expect(await requests.list("fake")).toMatchObject([{ state: "processed" }]);
  }
});
