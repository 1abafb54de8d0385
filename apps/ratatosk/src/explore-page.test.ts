import { expect, test } from "vitest";
import { explorePolicy } from "./explore-page.ts";

const policy = (search: string): string => explorePolicy(new URLSearchParams(search));

test("the page talks to its own server only, and to one that its address names", () => {
  expect(policy("")).not.toContain("connect-src");
  expect(policy("server=https://loki.example:3100/base")).toContain(
    "connect-src 'self' https://loki.example:3100 wss://loki.example:3100",
  );
});

test.each(["server=javascript:alert(1)", "server=*", "server=nonsense", "server=%0d%0aX: y"])(
  "a server that is no web address opens nothing: %s",
  (search) => {
    expect(policy(search)).toBe(policy(""));
  },
);
