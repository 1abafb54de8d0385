import { expect, test } from "vitest";
import { z } from "zod";
import { printConfig, readable } from "./print-config.ts";
import { secret } from "./secret.ts";
import { settingsOf } from "./settings.ts";
import { LimitsConfig } from "./limits.ts";
import { bytes, duration } from "./units.ts";

const Schema = z.strictObject({
  store: z
    .strictObject({
      key: secret.prefault("").describe("Key."),
      size: bytes.prefault("256KB").describe("Size."),
      mode: z.enum(["a", "b"]).prefault("a").describe("Mode."),
    })
    .optional()
    .describe("Store."),
  wait: duration.prefault("90s").describe("Wait."),
  lists: z
    .array(z.strictObject({ every: duration, key: secret }))
    .prefault([])
    .describe("Lists."),
});

test("settings are listed with their path, type, default and description", () => {
  expect(settingsOf(Schema)).toEqual([
    { path: ["store", "key"], type: "secret", default: '""', description: "Key." },
    { path: ["store", "size"], type: "size", default: "256KB", description: "Size." },
    { path: ["store", "mode"], type: "a|b", default: "a", description: "Mode." },
    { path: ["wait"], type: "duration", default: "90s", description: "Wait." },
    { path: ["lists"], type: "list", default: "[]", description: "Lists." },
  ]);
});

test("every limit is described", () => {
  for (const { path, description } of settingsOf(LimitsConfig)) expect([path, description]).not.toEqual([path, ""]);
});

test("maps of secrets and passwords in URLs are masked", () => {
  const Target = z.strictObject({
    url: z.string().prefault(""),
    headers: z.record(z.string(), secret).prefault({}),
    clients: z.record(z.string(), z.strictObject({ key: secret, wait: duration })).prefault({}),
  });
  const config = Target.parse({
    url: "http://one:hush@a:9093,http://b:9093/x@y",
    headers: { Authorization: "hush" },
    clients: { a: { key: "hush", wait: "90s" } },
  });
  expect(readable(Target, config)).toEqual({
    url: "http://one:********@a:9093,http://b:9093/x@y",
    headers: { Authorization: "********" },
    clients: { a: { key: "********", wait: "1m30s" } },
  });
});

test("a configuration is printed as one would write it, secrets masked, and reads back", () => {
  const config = Schema.parse({ store: { key: "hush", size: "1.5MB" }, lists: [{ every: "1h", key: "hush" }] });
  const text = printConfig(Schema, config);
  expect(text).toBe(
    [
      "store:",
      '  key: "********"',
      "  size: 1.5MB",
      "  mode: a",
      "wait: 1m30s",
      "lists:",
      "  - every: 1h",
      '    key: "********"',
      "",
    ].join("\n"),
  );
});
