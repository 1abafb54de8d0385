import { test } from "vitest";
import { compileRegex } from "./compile.ts";

const lines = Array.from({ length: 2000 }, (_, i) =>
  Buffer.from(
    `10.0.0.${i % 256} - - [15/Jan/2026:10:00:00 +0000] "GET /api/orders/${i}?page=2 HTTP/1.1" ${i % 50 ? 200 : 503} ${i} ` +
      `user-${(i * 2_654_435_761).toString(16).slice(-8)} duration=${i % 997}.25ms level=${i % 20 ? "info" : "error"}`,
  ),
);
const patterns = [
  "level=error",
  "error|timeout|refused",
  '" 5\\d\\d ',
  "user-[0-9a-f]{8}.*level",
  ".*deadline.*exceeded.*",
  "(?i)slow query|lock",
  "duration=[5-9]\\d\\d\\.\\d+ms",
  "(\\w+\\s?)+$",
];

test("a line in bytes, 2000 lines a round", async ({ bench }) => {
  for (const pattern of patterns) {
    const regex = compileRegex(pattern);
    await bench(pattern, () => {
      for (const line of lines) regex.testBytes(line);
    }).run();
  }
});

test("groups of a line", async ({ bench }) => {
  const texts = lines.map(String);
  const regex = compileRegex(
    '^(?P<ip>\\S+) \\S+ \\S+ \\[(?P<time>[^\\]]+)\\] "(?P<verb>\\w+) (?P<path>\\S+) [^"]*" (?P<status>\\d+)',
  );
  await bench("access log", () => {
    for (const text of texts) regex.exec(text);
  }).run();
});

test("compiling", async ({ bench }) => {
  for (const pattern of patterns) await bench(pattern, () => void compileRegex(pattern).test("x")).run();
});
