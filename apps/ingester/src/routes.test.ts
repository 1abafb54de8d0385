import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpServer } from "@ratatosk/http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ingesterRoutes } from "./routes.ts";
import { ShutdownMarker } from "./shutdown-marker.ts";

let directory: string;
let server: HttpServer;
let url: string;
let done: string[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "ingester-routes-"));
  done = [];
  let running = true;
  const routes = ingesterRoutes({
    marker: new ShutdownMarker(join(directory, "marker")),
    flush: async () => void done.push("flush"),
    async shutDown(ships) {
      if (!running) return false;
      running = false;
      done.push(ships ? "shut down, all shipped" : "shut down");
      return true;
    },
    terminate: () => void done.push("terminate"),
  });
  server = new HttpServer({ routes, authEnabled: false, multiTenantQueries: false });
  const { port } = await server.listen(0, "127.0.0.1");
  url = `http://127.0.0.1:${port}`;
});
afterEach(async () => {
  await server.close(0);
  rmSync(directory, { recursive: true });
});

async function ask(method: string, path: string): Promise<[number, string]> {
  const response = await fetch(url + path, { method });
  return [response.status, await response.text()];
}

test("a shutdown ships, ends the process, and comes once", async () => {
  expect(await ask("POST", "/ingester/shutdown")).toEqual([204, ""]);
  expect(done).toEqual(["shut down, all shipped", "terminate"]);
  expect(await ask("POST", "/ingester/shutdown")).toEqual([503, "Ingester is stopping or already stopped.\n"]);
});

test("a shutdown does less where it is told so", async () => {
  expect(await ask("GET", "/ingester/shutdown?flush=maybe")).toEqual([
    400,
    'strconv.ParseBool: parsing "maybe": invalid syntax\n',
  ]);
  expect(await ask("GET", "/ingester/shutdown?flush=0&terminate=f")).toEqual([204, ""]);
  expect(done).toEqual(["shut down"]);
});

test("there are no partitions to be prepared", async () => {
  for (const method of ["GET", "POST", "DELETE"])
    expect(await ask(method, "/ingester/prepare_partition_downscale")).toEqual([
      405,
      "this ingester reads no partition: distributors write to it\n",
    ]);
});

test("the mark is set, read and cleared", async () => {
  const path = "/ingester/prepare_shutdown";
  expect(await ask("GET", path)).toEqual([200, "unset"]);
  expect(await ask("POST", path)).toEqual([204, ""]);
  expect(await ask("GET", path)).toEqual([200, "set"]);
  expect(await ask("DELETE", path)).toEqual([204, ""]);
  expect(await ask("GET", path)).toEqual([200, "unset"]);
});

test("a tenant's streams are flushed; a selector that is none is refused", async () => {
  const [status] = await ask("POST", `/flush/tenant?streams=${encodeURIComponent('{app="a"')}`);
  expect([status, done]).toEqual([400, []]);
  expect(await ask("POST", `/flush/tenant?streams=${encodeURIComponent('{app="a"}')}`)).toEqual([204, ""]);
  expect(done).toEqual(["flush"]);
});
