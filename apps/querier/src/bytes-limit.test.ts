import { LimitsConfig } from "@ratatosk/config";
import { parse } from "@ratatosk/logql";
import { expect, test } from "vitest";
import { bytesCheck, humanBytes } from "./bytes-limit.ts";

const range = { start: 0n, end: 7_200_000_000_000n };
const check = (text: string, bytes: number, limits: object) => () =>
  bytesCheck(parse(text), range, LimitsConfig.parse(limits))(bytes);

test("a query that would read too much is refused with both amounts", () => {
  expect(check('{app="a"} |= "x"', 2.1 * 2 ** 40, { max_query_bytes_read: "1TiB" })).toThrow(
    "the query would read too many bytes (query: 2.1 TiB, limit: 1.0 TiB); consider",
  );
  expect(check('rate({app="a"}[1m])', 2 ** 20, { max_query_bytes_read: "1MB" })).not.toThrow();
});

test("one that only stops at its limit of lines is let in", () => {
  expect(check('{app="a"}', 2 ** 40, { max_query_bytes_read: "1MB" })).not.toThrow();
});

test("what is read at once is an hour's part", () => {
  const limits = { max_querier_bytes_read: "100MB" };
  expect(check('{app="a"} |= "x"', 199 * 2 ** 20, limits)).not.toThrow();
  expect(check('{app="a"} |= "x"', 201 * 2 ** 20, limits)).toThrow("query too large to execute on a single querier");
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [150 * 2 ** 30, "150 GiB"],
])("%d bytes are written %s", (bytes, text) => expect(humanBytes(bytes)).toBe(text));
