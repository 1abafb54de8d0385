import { HttpServer } from "@ratatosk/http";
import { createLogger } from "@ratatosk/observability";
import { afterAll, expect, test } from "vitest";
import { syncIndexesRoutes } from "./sync-indexes.ts";

let finish = Promise.withResolvers<void>();
const routes = syncIndexesRoutes(() => finish.promise, createLogger("silent"));
const server = new HttpServer({ routes, authEnabled: true, multiTenantQueries: false });
const { port } = await server.listen(0, "127.0.0.1");
afterAll(() => server.close(0));

const url = `http://127.0.0.1:${port}/sync-indexes`;
const start = async (): Promise<number> => (await fetch(url, { method: "PUT" })).status;
const state = async (): Promise<object> => ((await (await fetch(url)).json()) as [object])[0];

test("the index is looked for when asked, once at a time, also after it failed", async () => {
  const never = { name: "index", in_progress: false, last_trigger: "never_triggered", last_duration: "0s" };
  expect(await state()).toEqual({ ...never, current_duration: "0s" });
  expect(await start()).toBe(202);
  expect(await start()).toBe(409);
  expect(await state()).toMatchObject({ in_progress: true, last_trigger: "manual" });
  finish.reject(new Error("the store is away"));
  await expect.poll(state).toMatchObject({ in_progress: false, last_trigger: "manual", current_duration: "0s" });
  finish = Promise.withResolvers();
  finish.resolve();
  expect(await start()).toBe(202);
});
