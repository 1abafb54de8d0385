import { expect, test } from "vitest";
import { listenAddress } from "./run-explore.ts";

test.each([
  ["3101", "127.0.0.1", 3101],
  [":3101", "127.0.0.1", 3101],
  ["0.0.0.0:80", "0.0.0.0", 80],
  ["logs.example:3101", "logs.example", 3101],
  ["[::1]:3101", "::1", 3101],
])("listening on %s", (text, host, port) => {
  expect(listenAddress(text)).toEqual({ host, port });
});

test.each(["", "host", "host:", "1:2:3", "host:70000", "::1:3101"])("listening on %j is refused", (text) => {
  expect(() => listenAddress(text)).toThrow("expected HOST:PORT");
});
