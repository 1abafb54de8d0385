import { Capsule, Secret } from "@ratatosk/alloy-syntax";
import { expect, test } from "vitest";
import { boolean, duration, listOf, mapOf, number, oneOf, secret, size, text } from "./decode.ts";

test.each([
  [text, "a", "a"],
  [text, 8080n, "8080"],
  [text, 1.5, "1.5"],
  [text, 1e6, "1000000"],
  [secret, new Secret("s"), "s"],
  [number, "3", 3],
  [number, 4n, 4],
  [boolean, true, true],
  [duration, "1m30s", 90_000],
  [duration, "0", 0],
  [size, "1MiB", 1_048_576],
  [size, "10KB", 10_240],
  [size, 5n, 5],
  [listOf(text), ["a", 1n], ["a", "1"]],
  [mapOf(number), new Map([["a", "2"]]), new Map([["a", 2]])],
  [oneOf("tcp", "udp"), "udp", "udp"],
] as const)("%o decodes %o", (decode, value, expected) => {
  expect((decode as (value: unknown) => unknown)(value)).toEqual(expected);
});

test.each([
  [text, new Secret("s"), "should be string, got capsule", []],
  [boolean, "yes", "should be bool, got string", []],
  [number, "many", 'should be number, got "many"', []],
  [duration, "10 seconds", 'time: invalid duration "10 seconds"', []],
  [duration, "5", 'time: invalid duration "5"', []],
  [size, "1 parsec", 'invalid size "1 parsec"', []],
  [listOf(text), ["a", null], "should be string, got null", [1]],
  [listOf(mapOf(text)), [new Map([["k", true]])], "should be string, got bool", [0, "k"]],
  [oneOf("tcp", "udp"), "sctp", 'unrecognized value "sctp", expected one of: tcp, udp', []],
  [listOf(text), new Capsule("LogsReceiver", {}), "should be array, got capsule", []],
] as const)("%o refuses %o", (decode, value, message, path) => {
  expect(() => (decode as (value: unknown) => unknown)(value)).toThrow(expect.objectContaining({ message, path }));
});
