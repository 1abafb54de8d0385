import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RatatoskProcess } from "./process.ts";
import { serverProcess } from "./server.ts";

// What Grafana's Logs Drilldown asks, screen by screen, over lines of three services: logfmt, JSON and plain text.

const end = Date.now();
const start = end - 30 * 60_000;
const linesOfService = 1200;
const levels = ["info", "info", "info", "warn", "error", "debug"];
let folder: string;
let server: RatatoskProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "e2e-drilldown-"));
  server = await serverProcess({ folder });
  await server.start();
  await push(
    "cart",
    (i, level) => `level=${level} msg="order placed" id=${i} took=${i % 97}ms size=${i % 50}KB load=0.${i}`,
  );
  await push("web", (i, level) =>
    JSON.stringify({
      level,
      msg: `GET /api/items/${i}`,
      http: { status: i % 5 === 0 ? 500 : 200 },
      took: `${i % 200}ms`,
    }),
  );
  await push("pay", (i, level) => `${level.toUpperCase()} payment ${i} of user ${i % 7} accepted in ${i % 300} ms`);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function push(app: string, line: (i: number, level: string) => string): Promise<void> {
  const values = Array.from({ length: linesOfService }, (_, i) => [
    String(BigInt(Math.round(start + (i * (end - start - 10_000)) / linesOfService)) * 1_000_000n),
    line(i, levels[i % levels.length]!),
    { trace_id: `trace-${i % 40}` },
  ]);
  const stream = { app, env: app === "pay" ? "qa" : "prod", pod: `${app}-1` };
  const body = JSON.stringify({ streams: [{ stream, values }] });
  const headers = { "Content-Type": "application/json" };
  const { status } = await fetch(`${server.url}/loki/api/v1/push`, { method: "POST", headers, body });
  expect(status).toBe(204);
}

interface Answer {
  readonly data?: { readonly result?: readonly Item[] } | readonly unknown[];
  readonly [key: string]: unknown;
}

interface Item {
  readonly metric?: Readonly<Record<string, string>>;
  readonly stream?: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [string | number, string, unknown?])[];
}

async function ask(path: string, parameters: Record<string, string>): Promise<Answer> {
  const query = new URLSearchParams({ start: iso(start), end: iso(end), ...parameters });
  const response = await fetch(`${server.url}/loki/api/v1/${path}?${query.toString()}`, {
    headers: {
      "X-Query-Tags": "Source=grafana-lokiexplore-app",
      "X-Loki-Response-Encoding-Flags": "categorize-labels",
    },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const results = ({ data }: Answer): readonly Item[] => (data as { result: readonly Item[] }).result;
const sum = (items: readonly Item[]): number =>
  items.flatMap(({ values = [] }) => values).reduce((total, [, value]) => total + Number(value), 0);
const by = (items: readonly Item[], name: string): string[] => items.map(({ metric }) => metric![name]!).sort();
const metric = async (query: string): Promise<readonly Item[]> =>
  results(await ask("query_range", { query, step: "60000ms", end: iso(end + 60_000) }));
const logs = async (query: string, limit = 100): Promise<readonly Item[]> =>
  results(await ask("query_range", { query, limit: String(limit), direction: "backward" }));
const lines = (streams: readonly Item[]): number => streams.reduce((total, { values }) => total + values!.length, 0);
const service = (name: string): string => `{service_name=\`${name}\`}`;
const mixed = "| json | logfmt | drop __error__, __error_details__";
const ofLevel = (level: string): number => (linesOfService / levels.length) * (level === "info" ? 3 : 1);

test("the list of services, and of another label's values, by volume", async () => {
  const services = results(await ask("index/volume", { query: "{service_name=~`.+`}", limit: "5000" }));
  expect(by(services, "service_name")).toEqual(["cart", "pay", "web"]);
  expect(services.every(({ value }) => Number(value![1]) > 10_000)).toBe(true);
  const pods = results(await ask("index/volume", { query: "{pod=~`.+`, env=`prod`}", limit: "5000" }));
  expect(by(pods, "pod")).toEqual(["cart-1", "web-1"]);
  const ranged = results(await ask("index/volume_range", { query: "{service_name=~`.+`}", step: "600s" }));
  expect(by(ranged, "service_name")).toEqual(["cart", "pay", "web"]);
});

test("a service's tile: levels over time and the newest lines", async () => {
  const byLevel = await metric(
    `sum by (detected_level) (count_over_time(${service("cart")} | drop __error__ [60000ms]))`,
  );
  expect(by(byLevel, "detected_level")).toEqual(["debug", "error", "info", "warn"]);
  expect(sum(byLevel)).toBe(linesOfService);
  expect(lines(await logs(service("cart")))).toBe(100);
});

test("labels: all, those of a selector, one's values over time", async () => {
  for (const query of ["", service("web")]) {
    const { detectedLabels } = await ask("detected_labels", { query });
    const names = (detectedLabels as { label: string }[]).map(({ label }) => label).sort();
    expect(names).toEqual(["app", "env", "pod", "service_name"]);
  }
  const byEnv = await metric('sum(count_over_time({service_name=~`.+`, env!=""} [60000ms])) by (env)');
  expect(by(byEnv, "env")).toEqual(["prod", "qa"]);
  expect(sum(byEnv)).toBe(3 * linesOfService);
});

test("fields: names, types, parsers and paths", async () => {
  const fieldsOf = async (query: string): Promise<Record<string, Record<string, unknown>>> => {
    const { fields } = await ask("detected_fields", { query, line_limit: "1000", limit: "1000" });
    return Object.fromEntries((fields as Record<string, unknown>[]).map((field) => [field["label"], field]));
  };
  const cart = await fieldsOf(service("cart"));
  expect(cart["took"]).toMatchObject({ type: "duration", parsers: ["logfmt"] });
  expect(cart["size"]).toMatchObject({ type: "bytes" });
  expect(cart["load"]).toMatchObject({ type: "float" });
  expect(cart["trace_id"]).toMatchObject({ type: "string", parsers: null, cardinality: 40 });
  const web = await fieldsOf(`${service("web")} |= "GET" | detected_level="error"`);
  expect(web["http_status"]).toMatchObject({ type: "int", parsers: ["json"], jsonPath: ["http", "status"] });
  const pay = await fieldsOf(service("pay"));
  expect(Object.keys(pay).sort()).toEqual(["detected_level", "trace_id"]);
});

test.each([
  ["a duration", `avg_over_time(${service("cart")} | logfmt | unwrap duration(took) | __error__="" [60000ms]) by ()`],
  ["bytes", `avg_over_time(${service("cart")} | logfmt | unwrap bytes(size) | __error__="" [60000ms]) by ()`],
  ["a number", `avg_over_time(${service("cart")} | logfmt | unwrap load | __error__="" [60000ms]) by ()`],
  ["JSON's duration", `avg_over_time(${service("web")} | json | unwrap duration(took) | __error__="" [60000ms]) by ()`],
  ["either parser's", `avg_over_time({env="prod"} ${mixed} | unwrap duration(took) | __error__="" [60000ms]) by ()`],
])("the average of %s over time", async (_what, query) => {
  const series = await metric(query);
  expect(series).toHaveLength(1);
  expect(series[0]!.values!.length).toBeGreaterThan(25);
});

test.each([
  ["a JSON field", `${service("web")} | json | drop __error__, __error_details__ | http_status!=""`, "http_status", 2],
  ["a logfmt field", `${service("cart")} | logfmt | drop __error__, __error_details__ | size!=""`, "size", 50],
  ["a field of either", `{env="prod"} ${mixed} | level!=""`, "level", 4],
  ["metadata", `${service("pay")} | trace_id!=""`, "trace_id", 40],
])("%s by value over time", async (_what, query, name, values) => {
  const series = await metric(`sum by (${name}) (count_over_time(${query} [60000ms]))`);
  expect(new Set(by(series, name)).size).toBe(values);
  expect(sum(series)).toBe(query.includes("env=") ? 2 * linesOfService : linesOfService);
});

test("values of a field", async () => {
  const { values } = await ask("detected_field/http_status/values", { query: service("web"), line_limit: "1000" });
  expect((values as string[]).sort()).toEqual(["200", "500"]);
});

test("patterns by level, which find their lines again", async () => {
  const { data } = await ask("patterns", { query: service("pay"), step: "60s" });
  const found = data as { pattern: string; level: string; samples: [number, number][] }[];
  expect(found.map(({ level }) => level).sort()).toEqual(["debug", "error", "info", "warn"]);
  for (const { pattern, level, samples } of found) {
    expect(samples.reduce((total, [, count]) => total + count, 0)).toBeCloseTo(ofLevel(level), -1.5);
    const within = await metric(`sum(count_over_time(${service("pay")} |> \`${pattern}\` [60000ms]))`);
    expect(sum(within)).toBe(ofLevel(level));
    const without = await metric(`sum(count_over_time(${service("pay")} !> \`${pattern}\` [60000ms]))`);
    expect(sum(without)).toBe(linesOfService - ofLevel(level));
  }
});

test.each([
  ["a level", `${service("cart")} | detected_level=~"error|warn"`, 2 * ofLevel("warn")],
  ["all but a level", `${service("cart")} | detected_level!="info"`, linesOfService - ofLevel("info")],
  ["a line filter", `${service("web")} |= \`GET /api/items/1000\``, 1],
  ["a negative line filter", `${service("web")} != \`"status":500\``, linesOfService * 0.8],
  ["an expression in any case", `${service("pay")} |~ \`(?i)payment 1[0-9] \``, 10],
  ["a field", `${service("web")} | json | http_status=\`500\``, linesOfService * 0.2],
  ["metadata", `${service("pay")} | trace_id=\`trace-7\``, linesOfService / 40],
  ["a field, only some labels kept", `${service("cart")} | logfmt | took > 90ms | keep took, service_name`, 72],
  ["two services", '{service_name=~"cart|web"} |= "x" or "order placed"', linesOfService],
])("lines by %s", async (_what, query, count) => {
  expect(lines(await logs(query, 5000))).toBe(count);
});

test("where there is nothing the answers are empty, not errors", async () => {
  const nobody = { query: service("nobody") };
  const { detectedLabels, ...noLabels } = await ask("detected_labels", nobody);
  expect([detectedLabels ?? [], noLabels["status"]]).toEqual([[], undefined]);
  const { fields } = await ask("detected_fields", nobody);
  expect(fields ?? []).toEqual([]);
  const { values } = await ask("detected_field/http_status/values", nobody);
  expect(values ?? []).toEqual([]);
  expect(results(await ask("index/volume", nobody))).toEqual([]);
  expect((await ask("patterns", { ...nobody, step: "60s" })).data).toEqual([]);
  expect(lines(await logs(service("nobody")))).toBe(0);
});

test("more series than the app may have are cut, with a warning", async () => {
  const query = `sum by (id) (count_over_time(${service("cart")} | logfmt [60000ms]))`;
  const answer = await ask("query_range", { query, step: "60", type: "metric" });
  expect(results(answer).length).toBeLessThanOrEqual(500);
  expect(JSON.stringify(answer["warnings"])).toContain("maximum");
});

test("what is known of a selection, its labels and limits", async () => {
  const stats = await ask("index/stats", { query: service("cart") });
  expect(stats).toMatchObject({ streams: 1, entries: linesOfService });
  expect((await ask("labels", {})).data).toEqual(["app", "env", "pod", "service_name"]);
  expect((await ask("label/pod/values", { query: '{env="qa"}' })).data).toEqual(["pay-1"]);
  expect((await ask("series", { "match[]": '{env="prod"}' })).data).toHaveLength(2);
  const { limits, pattern_ingester_enabled: mines } = await ask("drilldown-limits", {});
  expect(limits).toMatchObject({ volume_enabled: true, discover_log_levels: true, max_query_series: 500 });
  expect(mines).toBe(true);
});
