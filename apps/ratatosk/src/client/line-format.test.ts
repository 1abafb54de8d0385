import { expect, test } from "vitest";
import { LineFormat } from "./line-format.ts";

const server = { url: "" };
const entry = (level: string, line = "text") => ({ stream: { app: "a", detected_level: level }, time: 1n, line });

test("a file gets no colours and UTC", () => {
  expect(new LineFormat(server, false).line(entry("error"))).toBe(
    '1970-01-01T00:00:00.000000001Z {app="a", detected_level="error"} text',
  );
});

test.each([
  ["error", "\x1b[31mtext\x1b[39m"],
  ["warn", "\x1b[33mtext\x1b[39m"],
  ["debug", "\x1b[90mtext\x1b[39m"],
  ["info", " text"],
])("a terminal shows the level %s by a colour", (level, end) => {
  expect(new LineFormat(server, true, {}).line(entry(level)).endsWith(end)).toBe(true);
});

test("NO_COLOR and --color decide", () => {
  expect(new LineFormat(server, true, { NO_COLOR: "1" }).line(entry("error"))).not.toContain("\x1b");
  expect(new LineFormat({ ...server, color: "never" }, true, {}).line(entry("error"))).not.toContain("\x1b");
  expect(new LineFormat({ ...server, color: "always" }, false).line(entry("error"))).toContain("\x1b[31m");
});

test("a line cannot steer the terminal", () => {
  const line = "\x1b[32mgreen\x1b[0m \x1b]0;title\x07\x1b[2J\ttab";
  const printed = new LineFormat({ ...server, color: "never" }, true, {}).line(entry("info", line));
  expect(printed.endsWith("\x1b[32mgreen\x1b[0m \ufffd]0;title\ufffd\ufffd[2J\ttab")).toBe(true);
  expect(new LineFormat({ ...server, output: "raw" }, true, {}).line(entry("info", line))).toBe(line);
});
