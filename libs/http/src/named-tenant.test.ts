import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { nameTenant } from "./named-tenant.ts";

const allowed = ["https://pages.example"];

test.each([
  ["/tail?tenant=a", { host: "logs:3100" }, "a"],
  ["/tail?query=x&tenant=a", { host: "logs:3100", origin: "http://logs:3100" }, "a"],
  ["/tail?tenant=a", { host: "logs:3100", origin: "https://pages.example" }, "a"],
  ["/tail?tenant=a", { host: "logs:3100", origin: "https://evil.example" }, undefined],
  ["/tail?tenant=a", { host: "logs:3100", origin: "null" }, undefined],
  ["/tail?tenant=a", { host: "logs:3100", "x-scope-orgid": "b" }, "b"],
  ["/tail?tenant=", { host: "logs:3100" }, undefined],
  ["/tail", { host: "logs:3100" }, undefined],
])("%s with %j is of tenant %s", (url, headers, tenant) => {
  const incoming = { url, headers: { ...headers } } as unknown as IncomingMessage;
  nameTenant(incoming, allowed);
  expect(incoming.headers["x-scope-orgid"]).toBe(tenant);
});
