import { expect, test } from "vitest";
import { expandBraces, matchesGlob } from "./glob.ts";

test.each([
  ["/var/log/*log", "/var/log/syslog", true],
  ["/var/log/*log", "/var/log/.hidden.log", true],
  ["/var/log/*log", "/var/log/sub/app.log", false],
  ["/var/log/*log", "/var/log/app.log.1", false],
  ["/a/**/z/*.log", "/a/z/1.log", true],
  ["/a/**/z/*.log", "/a/b/c/z/1.log", true],
  ["/a/**/z/*.log", "/a/b/1.log", false],
  ["/a/{b,c{1,2}}/x", "/a/c2/x", true],
  ["/a/[!ab]*.log", "/a/cherry.log", true],
  ["/a/[!ab]*.log", "/a/apple.log", false],
  ["/a/x?y", "/a/x/y", false],
  ["/a/a+b(c).log", "/a/a+b(c).log", true],
])("%s on %s is %s", (pattern, path, expected) => {
  expect(matchesGlob(pattern, path)).toBe(expected);
});

test("nested braces give each choice", () => {
  expect(expandBraces("{a,b{1,2}}.log")).toEqual(["a.log", "b1.log", "b2.log"]);
});
