import { once } from "node:events";
import { connect } from "node:net";
import { RatatoskError } from "@ratatosk/model";
import { Registry, RequestMetrics } from "@ratatosk/observability";
import { afterEach, expect, test } from "vitest";
import type { Route } from "./route.ts";
import { HttpServer, type HttpServerOptions } from "./server.ts";

const servers: HttpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

async function serving(routes: Partial<Route>[], options: Partial<HttpServerOptions> = {}): Promise<string> {
  const full = routes.map((route): Route => ({
    methods: ["GET"],
    path: "/",
    tenant: "none",
    errors: "text",
    handle: () => ({ status: 204 }),
    ...route,
  }));
  const server = new HttpServer({ routes: full, authEnabled: false, multiTenantQueries: false, ...options });
  servers.push(server);
  const { port } = await server.listen(0, "127.0.0.1");
  return `http://127.0.0.1:${port}`;
}

/** Sends bytes as they are, which `fetch` would clean up first. */
async function raw(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(text);
  let answer = "";
  socket.on("data", (part) => (answer += String(part)));
  await once(socket, "close");
  return answer;
}

const json = { "Content-Type": "application/json" };

test.each([
  ["GET", "/nope", 404],
  ["GET", "/ready/", 404],
  ["GET", "/Ready", 404],
  ["POST", "/ready", 405],
  ["HEAD", "/ready", 405],
  ["PUT", "/query", 405],
  ["DELETE", "/query", 404],
  ["GET", "/push", 405],
  ["POST", "/push", 204],
  ["GET", "/label/x/values", 204],
  ["GET", "/label//values", 404],
])("%s %s is answered %d", async (method, path, status) => {
  const url = await serving([
    { path: "/ready" },
    { path: "/query", methods: ["GET", "POST"] },
    { path: "/push", methods: ["POST"], bulk: true },
    { path: "/label/:name/values" },
  ]);
  const answer = await fetch(`${url}${path}`, { method, redirect: "manual" });
  expect(answer.status).toBe(path.includes("//") ? 301 : status);
});

test("an unknown path is told so in Loki's words", async () => {
  const url = await serving([]);
  const answer = await fetch(`${url}/nope`);
  expect([answer.headers.get("content-type"), await answer.text()]).toEqual([
    "text/plain; charset=utf-8",
    "404 page not found\n",
  ]);
});

test("a path that is not clean is sent to the clean one", async () => {
  const url = await serving([{ path: "/ready" }]);
  const answer = await raw(url, "GET /a/../ready?x=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  expect(answer).toContain("HTTP/1.1 301 Moved Permanently\r\nLocation: /ready?x=1\r\n");
});

test("variables are decoded, an encoded slash belongs to its segment", async () => {
  const url = await serving([
    {
      path: "/label/:name/values",
      handle: ({ variables }) => ({ status: 200, headers: json, body: JSON.stringify(variables) }),
    },
  ]);
  await expect((await fetch(`${url}/label/a%2Fb%20ü/values`)).json()).resolves.toEqual({ name: "a/b ü" });
});

test("of a parameter in form and URL the form's comes first", async () => {
  const handle: Route["handle"] = ({ query }) => ({ status: 200, body: String(query) });
  const url = await serving([{ path: "/q", methods: ["GET", "POST"], form: true, handle }]);
  const answer = await fetch(`${url}/q?a=url&b=2`, { method: "POST", body: new URLSearchParams({ a: "form" }) });
  await expect(answer.text()).resolves.toBe("a=form&a=url&b=2");
});

test.each([
  [{}, 401, "no org id"],
  [{ "X-Scope-OrgID": "a/b" }, 400, "tenant ID 'a/b' contains unsupported character '/'"],
  [{ "X-Scope-OrgID": "a|b" }, 400, "multiple org IDs present"],
  [{ "X-Scope-OrgID": "a:x" }, 200, '["a"]'],
])("with authentication %j is answered %d %s", async (headers, status, text) => {
  const handle: Route["handle"] = ({ tenants }) => ({ status: 200, body: JSON.stringify(tenants) });
  const url = await serving([{ path: "/q", tenant: "many", handle }], { authEnabled: true });
  const answer = await fetch(`${url}/q`, { headers: headers as Record<string, string> });
  expect([answer.status, await answer.text()]).toEqual([status, text]);
});

test("errors have their status, their text and, where waiting helps, Retry-After", async () => {
  const refuse: Route["handle"] = () => {
    throw new RatatoskError("unavailable", "busy");
  };
  const url = await serving([
    { path: "/text", handle: refuse },
    { path: "/line", errors: "text-line", handle: refuse },
  ]);
  const text = await fetch(`${url}/text`);
  expect([text.status, text.headers.get("retry-after"), await text.text()]).toEqual([503, "1", "busy"]);
  await expect((await fetch(`${url}/line`)).text()).resolves.toBe("busy\n");
});

test("what nobody foresaw is reported once, and its words stay inside", async () => {
  const errors: RatatoskError[] = [];
  const handle: Route["handle"] = () => {
    throw new TypeError("broken");
  };
  const url = await serving([{ path: "/q", handle }], { onError: (error) => errors.push(error) });
  await expect((await fetch(`${url}/q`)).text()).resolves.toBe("internal error");
  expect(errors).toMatchObject([{ code: "internal", message: "broken" }]);
});

test("a client that hangs up aborts the signal", async () => {
  const aborted = Promise.withResolvers<void>();
  const handle: Route["handle"] = async ({ signal }) => {
    await once(signal, "abort");
    aborted.resolve();
    return { status: 200 };
  };
  const url = await serving([{ path: "/q", handle }]);
  const hangUp = new AbortController();
  const asked = fetch(`${url}/q`, { signal: hangUp.signal });
  setTimeout(() => hangUp.abort(), 50);
  await expect(asked).rejects.toThrow("aborted");
  await aborted.promise;
});

test("a client that never finishes its request is cut off", async () => {
  const handle: Route["handle"] = async ({ body }) => {
    for await (const _part of body);
    return { status: 200 };
  };
  const url = await serving([{ path: "/push", methods: ["POST"], bulk: true, handle }], { readTimeoutMs: 200 });
  const slowBody = raw(url, "POST /push HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc");
  const slowHead = raw(url, "GET /push HTTP/1.1\r\nHost: h");
  await expect(slowHead).resolves.toContain("408 Request Timeout");
  await slowBody;
});

test.each(["at once", "piece by piece"])("a client that does not read an answer sent %s is cut off", async (how) => {
  const piece = Buffer.alloc(2 ** 24);
  const closed = Promise.withResolvers<string>();
  const handle: Route["handle"] = ({ body }) => {
    body.socket.once("close", () => closed.resolve("cut off"));
    return { status: 200, body: how === "at once" ? piece : pieces() };
  };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 10; i++) yield piece;
  }
  const url = await serving([{ path: "/q", handle }], { writeTimeoutMs: 200 });
  const socket = connect(Number(new URL(url).port), "127.0.0.1").pause();
  socket.on("error", () => undefined).write("GET /q HTTP/1.1\r\nHost: h\r\n\r\n");
  await expect(closed.promise).resolves.toBe("cut off");
  socket.destroy();
});

test("large answers are zipped for those who take it", async () => {
  const body = "x".repeat(5000);
  const url = await serving([{ path: "/q", handle: () => ({ status: 200, body }) }]);
  const zipped = await fetch(`${url}/q`, { headers: { "Accept-Encoding": "gzip" } });
  expect([zipped.headers.get("content-encoding"), await zipped.text()]).toEqual(["gzip", body]);
});

test("requests are counted by route, status and size", async () => {
  const registry = new Registry();
  const routes = [{ path: "/label/:name/values", handle: () => ({ status: 200, body: "abc" }) }];
  const url = await serving(routes, { metrics: new RequestMetrics(registry), prefix: "/loki" });
  await fetch(`${url}/loki/label/x/values`);
  await fetch(`${url}/label/x/values`);
  const text = await registry.metrics();
  const labels = 'method="GET",route="label_name_values"';
  expect(text).toContain(`loki_request_duration_seconds_count{${labels},status_code="200",ws="false"} 1`);
  expect(text).toContain(
    'loki_request_duration_seconds_count{method="GET",route="notfound",status_code="404",ws="false"} 1',
  );
  expect(text).toContain(`loki_response_message_bytes_sum{${labels}} 3`);
  expect(text).toContain(`loki_inflight_requests{${labels}} 0`);
});

test("a websocket request reaches the route that takes it, and is refused in HTTP elsewhere", async () => {
  const upgrade: Route["upgrade"] = ({ query }, socket) => {
    socket.end(`HTTP/1.1 101 Switching Protocols\r\n\r\n${query.get("query")}`);
  };
  const url = await serving([{ path: "/tail", tenant: "one", upgrade }], { authEnabled: true });
  const request = (path: string, tenant: string): string =>
    `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${tenant}\r\n`;
  await expect(raw(url, request("/tail?query=x", "X-Scope-OrgID: a\r\n"))).resolves.toContain(
    "101 Switching Protocols\r\n\r\nx",
  );
  await expect(raw(url, request("/tail", ""))).resolves.toMatch(/^HTTP\/1.1 401 Unauthorized[^]*no org id$/);
  await expect(raw(url, request("/nope", ""))).resolves.toContain("404 Not Found");
});

test("closing lets requests under way finish", async () => {
  const started = Promise.withResolvers<void>();
  const handle: Route["handle"] = async () => {
    started.resolve();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { status: 200, body: "done" };
  };
  const url = await serving([{ path: "/q", handle }]);
  const asked = fetch(`${url}/q`);
  await started.promise;
  await servers[0]!.close(600_000); // and does not wait for their connections, which clients keep
  await expect((await asked).text()).resolves.toBe("done");
});

test("pages of other origins read answers where theirs is allowed", async () => {
  const url = await serving([{ path: "/q", handle: () => ({ status: 200, body: "x" }) }], {
    origins: ["http://good.example"],
  });
  const ask = (origin: string, method = "GET", headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}/q`, { method, headers: { origin, ...headers } });
  const allowed = (answer: Response): string | null => answer.headers.get("access-control-allow-origin");
  expect(allowed(await ask("http://good.example"))).toBe("http://good.example");
  expect(allowed(await ask("http://evil.example"))).toBeNull();
  const asking = { "access-control-request-method": "GET", "access-control-request-headers": "x-scope-orgid" };
  const preflight = await ask("http://good.example", "OPTIONS", asking);
  expect([preflight.status, preflight.headers.get("access-control-allow-headers")]).toEqual([204, "x-scope-orgid"]);
  expect((await ask("http://evil.example", "OPTIONS", asking)).status).toBe(405);
});
