import { HttpServer } from "@ratatosk/http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { profilingRoutes } from "./profiling.ts";

const servers = [true, false].map(
  (isOn) => new HttpServer({ routes: profilingRoutes(isOn), authEnabled: true, multiTenantQueries: false }),
);
let [on, off] = ["", ""];
beforeAll(async () => {
  const ports = await Promise.all(servers.map((server) => server.listen(0, "127.0.0.1")));
  [on, off] = ports.map(({ port }) => `http://127.0.0.1:${port}/debug`) as [string, string];
});
afterAll(() => Promise.all(servers.map((server) => server.close(0))));

test.each([
  ["pprof/profile", "cpuprofile", ["nodes", "samples", "timeDeltas"]],
  ["fgprof", "cpuprofile", ["nodes", "samples", "timeDeltas"]],
  ["pprof/heap", "heapprofile", ["head", "samples"]],
  ["pprof/allocs", "heapprofile", ["head", "samples"]],
])("%s is a profile that tools open", async (path, extension, keys) => {
  const answer = await fetch(`${on}/${path}?seconds=0.05`);
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(answer.headers.get("content-disposition")).toMatch(new RegExp(`^attachment; filename="[^"]+.${extension}"$`));
  expect(Object.keys((await answer.json()) as object)).toEqual(expect.arrayContaining(keys));
});

test("what there is is listed", async () => {
  for (const path of ["pprof", "pprof/"])
    expect(await (await fetch(`${on}/${path}`)).text()).toContain("/debug/pprof/heap?seconds=10");
});

test("one profile is taken at a time, and one that nobody waits for ends", async () => {
  const gone = new AbortController();
  const first = fetch(`${on}/pprof/profile?seconds=300`, { signal: gone.signal }).catch(() => "given up");
  await expect.poll(async () => (await fetch(`${on}/pprof/heap?seconds=0.01`)).status).toBe(409);
  gone.abort();
  expect(await first).toBe("given up");
  await expect.poll(async () => (await fetch(`${on}/pprof/heap?seconds=0.01`)).status).toBe(200);
});

test.each([
  ["profile?seconds=0", 400, "invalid seconds: expected a number from 0 to 300\n"],
  ["profile?seconds=x", 400, "invalid seconds: expected a number from 0 to 300\n"],
  ["heap?seconds=301", 400, "invalid seconds: expected a number from 0 to 300\n"],
  ["goroutine", 404, "Unknown profile\n"],
])("%s is refused", async (path, status, text) => {
  const answer = await fetch(`${on}/pprof/${path}`);
  expect([answer.status, await answer.text()]).toEqual([status, text]);
});

test("nothing is told where profiling is off", async () => {
  for (const path of ["pprof", "pprof/heap", "fgprof"]) {
    const answer = await fetch(`${off}/${path}`);
    expect([answer.status, await answer.text()]).toEqual([404, "profiling is off: server.profiling_enabled\n"]);
  }
});
