import type { Route } from "@ratatosk/http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PageServer } from "./page-server.ts";

const route = (path: string, handle: Route["handle"]): Route => ({
  methods: ["GET"],
  path,
  tenant: "none",
  errors: "text",
  handle,
});
const server = new PageServer([
  route("/ready", () => ({ status: 200, body: "Ready" })),
  route("/parts/:id", ({ variables, query }) => ({ status: 200, body: `${variables["id"]} ${query.get("q")}` })),
  route("/broken", () => {
    throw new Error("out of order");
  }),
]);
let url = "";
beforeAll(async () => {
  url = `http://127.0.0.1:${(await server.listen(0, "127.0.0.1")).port}`;
});
afterAll(() => server.close(100));

test.each([
  ["GET", "/ready", 200, "Ready"],
  ["HEAD", "/ready", 200, ""],
  ["POST", "/ready", 405, ""],
  ["GET", "/ready/", 404, "404 page not found\n"],
  ["GET", "/parts/a%2Fb?q=1", 200, "a/b 1"],
  ["GET", "/parts/%", 500, "URI malformed\n"],
  ["GET", "/broken", 500, "out of order\n"],
])("%s %s is answered with %i", async (method, path, status, body) => {
  const answer = await fetch(url + path, { method });
  expect([answer.status, await answer.text()]).toEqual([status, body]);
});
