import { expect, test } from "vitest";
import { assertOwnPage } from "./own-page.ts";

test.each([
  ["127.0.0.1", { host: "127.0.0.1:3101" }],
  ["127.0.0.1", { host: "localhost:3101", origin: "http://localhost:3101", "sec-fetch-site": "same-origin" }],
  ["::1", { host: "[::1]:3101" }],
  ["0.0.0.0", { host: "logs.example:3101", origin: "http://logs.example:3101" }],
])("listening on %s, %j is let in", (name, headers) => {
  expect(() => assertOwnPage(headers, name)).not.toThrow();
});

test.each([
  ["127.0.0.1", { host: "127.0.0.1:3101", origin: "https://evil.example" }],
  ["127.0.0.1", { host: "127.0.0.1:3101", origin: "null" }],
  ["127.0.0.1", { host: "127.0.0.1:3101", "sec-fetch-site": "cross-site" }],
  ["127.0.0.1", { host: "evil.example:3101", origin: "http://evil.example:3101" }],
  ["127.0.0.1", { host: "127.0.0.1.evil.example" }],
  ["127.0.0.1", {}],
  ["0.0.0.0", { host: "logs.example:3101", origin: "http://other.example:3101" }],
])("listening on %s, %j is refused", (name, headers) => {
  expect(() => assertOwnPage(headers, name)).toThrow(/other sites|not called/);
});
