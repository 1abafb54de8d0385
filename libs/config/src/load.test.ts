import { expect, test } from "vitest";
import { z } from "zod";
import { ConfigError } from "./config-error.ts";
import { loadConfig } from "./load.ts";
import { bytes, duration } from "./units.ts";

const Schema = z.strictObject({
  server: z
    .strictObject({
      http_listen_port: z.number().int().max(65_535).prefault(3100).describe("Port."),
      log_level: z.enum(["info", "debug"]).prefault("info").describe("Level."),
    })
    .prefault({})
    .describe("Listeners."),
  timeout: duration.prefault("1m").describe("Timeout."),
  size: bytes.prefault("1MB").describe("Size."),
  rules: z
    .array(z.strictObject({ name: z.string(), period: duration }))
    .prefault([])
    .describe("Rules."),
});

const load = (text: string, flags: Record<string, string> = {}): z.infer<typeof Schema> =>
  loadConfig(Schema, { text, file: "loki.yaml", flags: new Map(Object.entries(flags)) });

test("nothing is required", () => {
  const defaults = { server: { http_listen_port: 3100, log_level: "info" }, timeout: 60_000, size: 2 ** 20, rules: [] };
  for (const text of ["", "# nothing", "server:", "{}"].filter((text) => text !== "server:"))
    expect(load(text)).toEqual(defaults);
});

test("durations and sizes are read, flags count before the file", () => {
  const text = "timeout: 1h30m\nsize: 256KB\nserver: {http_listen_port: 1}";
  const config = load(text, { "server.http_listen_port": "2", size: "512KB", rules: "[{name: a, period: 1s}]" });
  expect(config.timeout).toBe(5_400_000);
  expect(config.server.http_listen_port).toBe(2);
  expect(config.size).toBe(512 * 1024);
  expect(config.rules).toEqual([{ name: "a", period: 1000 }]);
});

test.each([
  [
    "server:\n  http_listen_prot: 1",
    "loki.yaml:2: server.http_listen_prot: unknown setting, expected http_listen_port?",
  ],
  ["a: 1", "loki.yaml:1: a: unknown setting, expected one of server, timeout, size, rules"],
  ["\nserver: {http_listen_port: x}", 'loki.yaml:2: server.http_listen_port: expected a number, got "x"'],
  ["server: {http_listen_port: 70000}", "loki.yaml:1: server.http_listen_port: expected at most 65535, got 70000"],
  ["server: {log_level: loud}", 'loki.yaml:1: server.log_level: expected one of info, debug, got "loud"'],
  ["timeout: soon", 'loki.yaml:1: timeout: expected a duration such as 30s, 5m or 1h30m, got "soon"'],
  ["size: [1]", "loki.yaml:1: size: expected a size such as 256KB or 1.5MB, got [1]"],
  [
    "rules:\n- name: a\n  period: 1s\n- name: b",
    "loki.yaml:4: rules.1.period: is required: expected a duration such as 30s, 5m or 1h30m",
  ],
  ["server: 3", "loki.yaml:1: server: expected a map, got 3"],
  ["[1]", "loki.yaml: expected a map, got [1]"],
  ["a: 1\na: 2", "loki.yaml:2: Map keys must be unique"],
  ["server: {", "loki.yaml:1: Flow map in block collection must be sufficiently indented and end with a }"],
])("%j is refused in one line", (text, message) => {
  expect(() => load(text)).toThrow(new ConfigError(message));
  expect(message).not.toContain("\n");
});

test("a bad flag is named as a flag", () => {
  expect(() => load("", { size: "big" })).toThrow('--size: expected a size such as 256KB or 1.5MB, got "big"');
});

test("aliases cannot blow up", () => {
  const bomb = ["a: &a [x, x]", ...Array.from({ length: 40 }, (_, i) => `b${i}: &b${i} [*a, *a, *a, *a]`)].join("\n");
  expect(() => load(bomb)).toThrow("loki.yaml");
});
