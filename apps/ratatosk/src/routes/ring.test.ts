import { HttpServer } from "@ratatosk/http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ringRoute } from "./ring.ts";

const members = [
  { id: "10.0.0.1:9095", state: "ACTIVE" },
  { id: "<b>:9095", state: "UNHEALTHY" },
] as const;
const server = new HttpServer({
  routes: [ringRoute("/ring", () => members)],
  authEnabled: true,
  multiTenantQueries: false,
});
let url: string;
beforeAll(async () => {
  url = `http://127.0.0.1:${(await server.listen(0, "127.0.0.1")).port}/ring`;
});
afterAll(() => server.close(0));

test("programs read the members as JSON", async () => {
  const answer = await fetch(url, { headers: { Accept: "text/html, application/json" } });
  const { shards } = (await answer.json()) as { shards: object[] };
  expect(shards).toMatchObject(members.map(({ id, state }) => ({ id, state, address: id, tokens: [] })));
});

test("people read them as a page", async () => {
  const answer = await fetch(url);
  expect(answer.headers.get("content-type")).toBe("text/html");
  expect(await answer.text()).toContain("<td>&lt;b>:9095</td><td>UNHEALTHY</td>");
});
