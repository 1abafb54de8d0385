import { once } from "node:events";
import { connect } from "node:net";
import { Access, AccessConfig, hashPassword } from "@ratatosk/access";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Guard } from "./guard.ts";
import type { Route } from "./route.ts";
import { HttpServer } from "./server.ts";

const readToken = "token-of-one-who-reads";
const writeToken = "token-of-one-who-writes";
const rootToken = "token-of-one-who-may-all";
let server: HttpServer;
let url: string;

beforeAll(async () => {
  const config = AccessConfig.parse({
    users: [{ name: "ali", password_hash: await hashPassword("sesame", 10), tenants: ["a", "b"] }],
    tokens: [
      { name: "reader", token: readToken, tenants: ["a"], rights: ["read"] },
      { name: "writer", token: writeToken, tenants: ["a"], rights: ["write"] },
      { name: "root", token: rootToken, tenants: ["*"], rights: ["read", "write", "manage", "operate"] },
    ],
  });
  const echo: Route["handle"] = ({ tenants, user }) => ({ status: 200, body: `${user} ${tenants.join("|")}` });
  const route = (path: string, other: Partial<Route> = {}): Route => ({
    methods: ["GET"],
    path,
    tenant: "many",
    errors: "text",
    handle: echo,
    ...other,
  });
  server = new HttpServer({
    routes: [
      route("/ready", { tenant: "none" }),
      route("/page", { tenant: "none" }),
      route("/query", { methods: ["GET", "POST"] }),
      route("/rules", { tenant: "one" }),
      route("/rules", { tenant: "one", methods: ["POST"] }),
      route("/push", { tenant: "one", methods: ["POST"], bulk: true, right: "write" }),
      route("/flush", { tenant: "none", right: "operate" }),
      route("/tail", { upgrade: (_request, socket) => void socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\n") }),
    ],
    authEnabled: true,
    multiTenantQueries: true,
    guard: new Guard(new Access({ config, authEnabled: true }), config.open_paths),
  });
  const { port } = await server.listen(0, "127.0.0.1");
  url = `http://127.0.0.1:${port}`;
});
afterAll(() => server.close(0));

const ali = { Authorization: `Basic ${btoa("ali:sesame")}` };
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

test.each([
  ["GET", "/ready", {}, 200, "undefined "],
  ["GET", "/query", {}, 401, "credentials are missing or wrong"],
  ["GET", "/query", bearer("nonsense"), 401, "credentials are missing or wrong"],
  ["GET", "/page", {}, 401, "credentials are missing or wrong"],
  ["GET", "/page", ali, 200, "ali "],
  ["GET", "/nope", {}, 404, "404 page not found\n"],
  ["GET", "/query", ali, 200, "ali a|b"],
  ["GET", "/query", { ...ali, "X-Scope-OrgID": "b" }, 200, "ali b"],
  ["GET", "/query", { ...ali, "X-Scope-OrgID": "a|c" }, 403, "ali has no access to tenant c"],
  ["POST", "/push", ali, 400, "multiple org IDs present"],
  ["POST", "/push", { ...ali, "X-Scope-OrgID": "a" }, 200, "ali a"],
  ["POST", "/push", bearer(writeToken), 200, "writer a"],
  ["POST", "/push", bearer(readToken), 403, 'reader lacks the right "write"'],
  ["GET", "/query", bearer(writeToken), 403, 'writer lacks the right "read"'],
  ["POST", "/query", bearer(readToken), 200, "reader a"],
  ["GET", "/rules", bearer(readToken), 200, "reader a"],
  ["POST", "/rules", bearer(readToken), 403, 'reader lacks the right "manage"'],
  ["GET", "/flush", ali, 403, 'ali lacks the right "operate"'],
  ["GET", "/flush", bearer(rootToken), 200, "root "],
  ["GET", "/query", bearer(rootToken), 401, "no org id"],
  ["GET", "/query", { ...bearer(rootToken), "X-Scope-OrgID": "z" }, 200, "root z"],
  [
    "GET",
    "/query",
    { ...ali, "Sec-Fetch-Site": "cross-site" },
    403,
    "requests from pages of other sites are not taken",
  ],
  ["GET", "/page", { ...ali, "Sec-Fetch-Site": "cross-site" }, 200, "ali "],
])("%s %s with %j is answered %d %s", async (method, path, headers, status, text) => {
  const answer = await fetch(`${url}${path}`, { method, headers: headers as Record<string, string> });
  expect([answer.status, await answer.text()]).toEqual([status, text]);
});

test("whoever is not let in is asked for name and password, or a token", async () => {
  const answer = await fetch(`${url}/query`);
  expect(answer.headers.get("www-authenticate")).toBe(
    'Basic realm="ratatosk", charset="UTF-8", Bearer realm="ratatosk"',
  );
});

test.each([
  ["", "HTTP/1.1 401 Unauthorized"],
  [`Authorization: Bearer ${writeToken}\r\n`, "HTTP/1.1 403 Forbidden"],
  [`Authorization: Bearer ${readToken}\r\nX-Scope-OrgID: b\r\n`, "HTTP/1.1 403 Forbidden"],
  [`Authorization: Bearer ${readToken}\r\n`, "HTTP/1.1 101 Switching Protocols"],
])("a websocket with %j is answered %s", async (headers, first) => {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(`GET /tail HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${headers}\r\n`);
  let answer = "";
  socket.on("data", (part) => (answer += String(part)));
  await once(socket, "close");
  expect(answer.split("\r\n", 1)[0]).toBe(first);
  expect(answer.includes("WWW-Authenticate: Basic")).toBe(first.includes("401"));
});
