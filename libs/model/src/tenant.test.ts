import { expect, test } from "vitest";
import { parseTenant, parseTenants } from "./tenant.ts";

test.each([
  ["a", "a"],
  ["a:since=1h", "a"],
  ["...", "..."],
  ["__x", "__x"],
  ["a!-_.*'()Z9", "a!-_.*'()Z9"],
  ["x".repeat(150), "x".repeat(150)],
])("%s is the tenant %s", (text, tenant) => expect(parseTenant(text)).toBe(tenant));

test.each([
  ["", "no org id"],
  [":a", "no org id"],
  [".", "tenant ID is '.' or '..'"],
  ["..", "tenant ID is '.' or '..'"],
  ["..:a", "tenant ID is '.' or '..'"],
  ["../a", "unsupported character '/'"],
  ["a\\b", "unsupported character '\\'"],
  ["a\0", "unsupported character '\0'"],
  ["a%2fb", "unsupported character '%'"],
  ["a b", "unsupported character ' '"],
  ["@compactor", "unsupported character '@'"],
  ["~tmp", "unsupported character '~'"],
  ["ä", "unsupported character 'ä'"],
  ["x".repeat(151), "tenant ID is too long: max 150 characters"],
])("%j is no tenant: %s", (text, message) => expect(() => parseTenant(text)).toThrow(message));

test("several are sorted, each once, and none may be empty", () => {
  expect(parseTenants("b|a|b:x")).toEqual(["a", "b"]);
  expect(() => parseTenants("a||b")).toThrow("no org id");
});
