import { HttpServer } from "@ratatosk/http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ringRoutes } from "./ring.ts";

const members = [
  { id: "10.0.0.1:9095", state: "ACTIVE" },
  { id: "<b>:9095", state: "UNHEALTHY" },
] as const;
const forgotten: string[] = [];
const server = new HttpServer({
  routes: ringRoutes("/ring", { members: () => members, forget: (id) => void forgotten.push(id) }),
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
  const text = await answer.text();
  expect(text).toContain("<td>&lt;b>:9095</td><td>UNHEALTHY</td>");
  expect(text.match(/<button name="forget" value="[^"]*"/g)).toEqual(['<button name="forget" value="&lt;b>:9095"']);
});

test("a member that is gone is forgotten", async () => {
  const body = new URLSearchParams({ forget: "<b>:9095" });
  const answer = await fetch(url, { method: "POST", body, redirect: "manual" });
  expect([answer.status, answer.headers.get("location"), forgotten]).toEqual([302, "#", ["<b>:9095"]]);
});
