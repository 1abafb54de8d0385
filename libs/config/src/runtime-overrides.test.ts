import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LimitsConfig } from "./limits.ts";
import { RuntimeConfig, RuntimeOverrides } from "./runtime-overrides.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "overrides-"));
});
afterEach(() => rm(folder, { recursive: true }));

const defaults = LimitsConfig.parse({ max_line_size: "1KB", ingestion_rate_mb: 7 });

async function overridesFrom(...texts: string[]) {
  const files = await Promise.all(
    texts.map(async (text, i) => {
      const file = join(folder, `${i}.yaml`);
      await writeFile(file, text);
      return file;
    }),
  );
  const events: { ok: boolean }[] = [];
  const overrides = new RuntimeOverrides({
    config: RuntimeConfig.parse({ file: files.join(","), period: "20ms" }),
    defaults,
    onReload: (event) => events.push(event),
  });
  return { overrides, events, files };
}

test("a tenant's block changes what it names and nothing else", async () => {
  const { overrides } = await overridesFrom(
    "overrides: {a: {max_line_size: 2KB}, b: }\nconfigs: {a: {log_push_request: true}}",
  );
  await overrides.start();
  overrides.stop();
  expect(overrides.forTenant("a")).toEqual({ ...defaults, max_line_size: 2048 });
  expect(overrides.forTenant("b")).toBe(defaults);
  expect(overrides.tenants()).toEqual(["a"]);
});

test("of several files the later count", async () => {
  const { overrides } = await overridesFrom(
    "overrides: {a: {max_line_size: 2KB, ingestion_rate_mb: 1}}",
    "overrides: {a: {ingestion_rate_mb: 2}}",
  );
  await overrides.start();
  overrides.stop();
  expect(overrides.forTenant("a")).toEqual({ ...defaults, max_line_size: 2048, ingestion_rate_mb: 2 });
});

test.each([
  [
    "overrides: {a: {max_line_sise: 1}}",
    "0.yaml:1: overrides.a.max_line_sise: unknown setting, expected max_line_size?",
  ],
  [
    "overrides: {a: {retention_stream: [{selector: '{env=\"dev\"}', period: 5h}]}}",
    "0.yaml:1: overrides.a.retention_stream.0.period: retention period must be >= 24h was 5h",
  ],
  ["override: {}", "0.yaml:1: override: unknown setting, expected overrides?"],
  ["overrides: {a: {max_line_size: x}}", "0.yaml:1: overrides.a.max_line_size: expected a size"],
])("%s is fatal at the start", async (text, message) => {
  const { overrides } = await overridesFrom(text);
  await expect(overrides.start()).rejects.toThrow(message);
});

test("a file that turns bad or goes leaves the last good one in force, until it is good again", async () => {
  const { overrides, events, files } = await overridesFrom("overrides: {a: {ingestion_rate_mb: 1}}");
  await overrides.start();
  await writeFile(files[0]!, "overrides: [");
  await vi.waitFor(() => expect(events.at(-1)!.ok).toBe(false));
  expect(overrides.forTenant("a").ingestion_rate_mb).toBe(1);
  await rm(files[0]!);
  await writeFile(files[0]!, "overrides: {a: {ingestion_rate_mb: 2}}");
  await vi.waitFor(() => expect(overrides.forTenant("a").ingestion_rate_mb).toBe(2));
  overrides.stop();
});
