import { expect, test } from "vitest";
import { readPath } from "./path.ts";

test.each([
  ["/ready", { path: "/ready" }],
  ["/loki/api/v1/%71uery?x=%71", { path: "/loki/api/v1/query" }],
  ["/label/a%2fb/values", { path: "/label/a%2Fb/values" }],
  ["/label/%zz/values", { path: "/label/%25zz/values" }],
  ["//ready?x=1", { path: "//ready", redirect: "/ready?x=1" }],
  ["/a/../ready", { path: "/a/../ready", redirect: "/ready" }],
  ["/./ready", { path: "/./ready", redirect: "/ready" }],
  ["/a//", { path: "/a//", redirect: "/a/" }],
  ["/..", { path: "/..", redirect: "/" }],
  ["/ready/", { path: "/ready/" }],
])("%s is read as %j", (target, read) => {
  expect(readPath(target)).toEqual(read);
});
