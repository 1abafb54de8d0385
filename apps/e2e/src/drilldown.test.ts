import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RatatoskProcess } from "./process.ts";
import { serverProcess } from "./server.ts";

// What Grafana's Logs Drilldown asks, screen by screen, over lines of three services: logfmt, JSON and plain text. What is
// right is worked out from the lines that were sent, by other means than the server's.

const end = Date.now();
const start = end - 30 * 60_000;
const stepMs = 60_000;
const linesOfService = 1200;
const levels = ["info", "info", "info", "warn", "error", "debug"];

/** A line that was sent. */
interface Sent {
  readonly app: string;
  readonly env: string;
  readonly pod: string;
  readonly i: number;
  readonly ms: number;
  readonly level: string;
  readonly line: string;
  readonly trace_id: string;
}

const lineOf: Readonly<Record<string, (i: number, level: string) => string>> = {
  cart: (i, level) => `level=${level} msg="order placed" id=${i} took=${i % 97}ms size=${i % 50}KB load=0.${i}`,
  web: (i, level) =>
    JSON.stringify({ level, msg: `GET /api/items/${i}`, http: { status: statusOf(i) }, took: `${i % 200}ms` }),
  pay: (i, level) => `${level.toUpperCase()} payment ${i} of user ${i % 7} accepted in ${i % 300} ms`,
};
const statusOf = (i: number): number => (i % 5 === 0 ? 500 : 200);

const sent: Sent[] = Object.entries(lineOf).flatMap(([app, line]) =>
  Array.from({ length: linesOfService }, (_, i) => {
    const ms = Math.round(start + (i * (end - start - 10_000)) / linesOfService);
    const level = levels[i % levels.length]!;
    const env = app === "pay" ? "qa" : "prod";
    return { app, env, pod: `${app}-1`, i, ms, level, line: line(i, level), trace_id: `trace-${i % 40}` };
  }),
);
const of = (...apps: string[]): Sent[] => sent.filter(({ app }) => apps.includes(app));

let folder: string;
let server: RatatoskProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "e2e-drilldown-"));
  server = await serverProcess({ folder });
  await server.start();
  for (const app of Object.keys(lineOf)) await push(of(app));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function push(lines: readonly Sent[]): Promise<void> {
  const values = lines.map(({ ms, line, trace_id }) => [nanos(ms), line, { trace_id }]);
  const { app, env, pod } = lines[0]!;
  const body = JSON.stringify({ streams: [{ stream: { app, env, pod }, values }] });
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
const nanos = (ms: number): string => String(BigInt(ms) * 1_000_000n);
const results = ({ data }: Answer): readonly Item[] => (data as { result: readonly Item[] }).result;
const service = (name: string): string => `{service_name=\`${name}\`}`;
const clean = "drop __error__, __error_details__";
const mixed = `| json | logfmt | ${clean}`;

/** Samples by the value of a label (empty for no label) and second. */
type Samples = Record<string, Record<string, number>>;

/** A metric query over the range, so that its windows take in every line. */
async function metric(query: string, name = ""): Promise<Samples> {
  const items = results(await ask("query_range", { query, step: `${stepMs}ms`, end: iso(end + stepMs) }));
  return Object.fromEntries(
    items.map(({ metric: labels, values }) => {
      expect(Object.keys(labels!)).toEqual(name === "" ? [] : [name]);
      return [labels![name] ?? "", Object.fromEntries(values!.map(([at, value]) => [at, Number(value)]))];
    }),
  );
}

/** The same from what was sent: a window ends with its time. */
function windows(
  lines: readonly Sent[],
  key: (line: Sent) => string,
  worth: (lines: readonly Sent[]) => number,
): Samples {
  const samples: Samples = {};
  for (const [value, own] of Map.groupBy(lines, key)) {
    const byTime = Map.groupBy(own, ({ ms }) => (Math.ceil(ms / stepMs) * stepMs) / 1000);
    samples[value] = Object.fromEntries([...byTime].map(([at, some]) => [at, worth(some)]));
  }
  return samples;
}

const counted = (lines: readonly Sent[], key: (line: Sent) => string = () => ""): Samples =>
  windows(lines, key, (values) => values.length);
const averaged = (lines: readonly Sent[], valueOf: (i: number, app: string) => number): Samples =>
  windows(
    lines,
    () => "",
    (some) => some.reduce((sum, { i, app }) => sum + valueOf(i, app), 0) / some.length,
  );
const rounded = (samples: Samples): Samples =>
  JSON.parse(
    JSON.stringify(samples, (_, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(9)) : value)),
  ) as Samples;

/** Lines with their times, the newest first. */
async function logs(query: string, limit = 5000): Promise<string[]> {
  const streams = results(await ask("query_range", { query, limit: String(limit), direction: "backward" }));
  return newestFirst(streams.flatMap(({ values }) => values!.map(([at, line]) => `${at} ${line}`)));
}
const texts = (lines: readonly Sent[]): string[] => newestFirst(lines.map(({ ms, line }) => `${nanos(ms)} ${line}`));
const newestFirst = (lines: readonly string[]): string[] => lines.toSorted().reverse();

async function volumes(query: string, name: string): Promise<Record<string, number>> {
  const items = results(await ask("index/volume", { query, limit: "5000" }));
  return Object.fromEntries(items.map(({ metric: labels, value }) => [labels![name], Number(value![1])]));
}
const bytes = (lines: readonly Sent[], name: "app" | "pod"): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(lines, (line) => line[name])].map(([value, own]) => [
      value,
      own.reduce((sum, { line }) => sum + Buffer.byteLength(line), 0),
    ]),
  );

async function labels(query: string): Promise<Record<string, number>> {
  const { detectedLabels } = await ask("detected_labels", { query });
  const list = detectedLabels as { label: string; cardinality: number }[];
  return Object.fromEntries(list.map(({ label, cardinality }) => [label, cardinality]));
}

/** Fields as `type parsers path`. */
async function fields(query: string): Promise<Record<string, string>> {
  const answer = await ask("detected_fields", { query, line_limit: "1000", limit: "1000" });
  const list = answer["fields"] as { label: string; type: string; parsers: string[] | null; jsonPath?: string[] }[];
  return Object.fromEntries(
    list.map(({ label, type, parsers, jsonPath }) => [
      label,
      [type, parsers ?? "none", jsonPath ?? ""].join(" ").trim(),
    ]),
  );
}

/** Patterns as `level text`, with their lines by the second at which a step begins. */
async function patterns(query: string): Promise<Samples> {
  const { data } = await ask("patterns", { query, step: `${stepMs}ms` });
  const list = data as { pattern: string; level: string; samples: [number, number][] }[];
  return Object.fromEntries(
    list.map(({ pattern, level, samples }) => [`${level} ${pattern}`, Object.fromEntries(samples)]),
  );
}
const payPattern = (level: string): string => `${level.toUpperCase()} payment <_> of user <_> accepted in <_> ms`;
function stepsOf(lines: readonly Sent[], key: (line: Sent) => string): Samples {
  const samples: Samples = {};
  for (const line of lines) {
    const at = String((Math.floor(line.ms / stepMs) * stepMs) / 1000);
    const own = (samples[key(line)] ??= {});
    own[at] = (own[at] ?? 0) + 1;
  }
  return samples;
}

const cart = {
  level: "string logfmt",
  msg: "string logfmt",
  id: "int logfmt",
  took: "duration logfmt",
  size: "bytes logfmt",
  load: "float logfmt",
};
const web = {
  level: "string json level",
  msg: "string json msg",
  http_status: "int json http,status",
  took: "duration json took",
};
const metadata = { trace_id: "string none", detected_level: "string none" };
const count = (query: string): string => `count_over_time(${query} [${stepMs}ms])`;
const average = (query: string, unwrap: string): string =>
  `avg_over_time(${query} | unwrap ${unwrap} | __error__="" [${stepMs}ms]) by ()`;

/** Each query that the app builds: what it is for, the answer, and what that has to be. */
const shapes: readonly [what: string, answer: () => Promise<object>, right: () => object][] = [
  ["services by volume", () => volumes("{service_name=~`.+`}", "service_name"), () => bytes(sent, "app")],
  [
    "services looked for",
    () => volumes("{service_name=~`(?i).*CA.*`}", "service_name"),
    () => bytes(of("cart"), "app"),
  ],
  [
    "another label's values by volume",
    () => volumes("{pod=~`.+`, env=`prod`}", "pod"),
    () => bytes(of("cart", "web"), "pod"),
  ],
  [
    "a tile's levels",
    () => metric(`sum by (detected_level) (${count(`${service("cart")} | drop __error__`)})`, "detected_level"),
    () => counted(of("cart"), ({ level }) => level),
  ],
  ["a tile's lines", () => logs(service("cart"), 100), () => texts(of("cart")).slice(0, 100)],
  ["all labels", () => labels(""), () => ({ app: 3, env: 2, pod: 3, service_name: 3 })],
  ["labels of a service", () => labels(service("web")), () => ({ app: 1, env: 1, pod: 1, service_name: 1 })],
  [
    "a label's values over time",
    () => metric(`sum(${count('{service_name=~`.+`, env!=""}')}) by (env)`, "env"),
    () => counted(sent, ({ env }) => env),
  ],
  ["lines of a label's value", () => logs("{service_name=~`.+`, env=`qa`}"), () => texts(of("pay"))],
  ["lines of all but a value", () => logs("{service_name=~`.+`, env!=`qa`}"), () => texts(of("cart", "web"))],
  ["lines of either value", () => logs("{service_name=~`.+`, pod=~`cart-1|pay-1`}"), () => texts(of("cart", "pay"))],
  ["fields of logfmt", () => fields(service("cart")), () => ({ ...cart, ...metadata })],
  ["fields of JSON, with their paths", () => fields(service("web")), () => ({ ...web, ...metadata })],
  ["fields of text", () => fields(service("pay")), () => metadata],
  [
    "fields of filtered lines",
    () => fields(`${service("web")} |= \`GET\` | detected_level=\`error\``),
    () => ({ ...web, ...metadata }),
  ],
  [
    "the average of a duration",
    () => metric(average(`${service("cart")} | logfmt`, "duration(took)")).then(rounded),
    () => rounded(averaged(of("cart"), (i) => (i % 97) / 1000)),
  ],
  [
    "the average of bytes",
    () => metric(average(`${service("cart")} | logfmt`, "bytes(size)")).then(rounded),
    () => rounded(averaged(of("cart"), (i) => (i % 50) * 1000)),
  ],
  [
    "the average of a number",
    () => metric(average(`${service("cart")} | logfmt`, "load")).then(rounded),
    () => rounded(averaged(of("cart"), (i) => Number(`0.${i}`))),
  ],
  [
    "the average of JSON's duration",
    () => metric(average(`${service("web")} | json`, "duration(took)")).then(rounded),
    () => rounded(averaged(of("web"), (i) => (i % 200) / 1000)),
  ],
  [
    "the average of either parser's",
    () => metric(average(`{env=\`prod\`} ${mixed}`, "duration(took)")).then(rounded),
    () => rounded(averaged(of("cart", "web"), (i, app) => (i % (app === "cart" ? 97 : 200)) / 1000)),
  ],
  [
    "a JSON field's values",
    () =>
      metric(`sum by (http_status) (${count(`${service("web")} | json | ${clean} | http_status!=""`)})`, "http_status"),
    () => counted(of("web"), ({ i }) => String(statusOf(i))),
  ],
  [
    "a logfmt field's values",
    () => metric(`sum by (size) (${count(`${service("cart")} | logfmt | ${clean} | size!=""`)})`, "size"),
    () => counted(of("cart"), ({ i }) => `${i % 50}KB`),
  ],
  [
    "a field's values by either parser",
    () => metric(`sum by (level) (${count(`{env=\`prod\`} ${mixed} | level!=""`)})`, "level"),
    () => counted(of("cart", "web"), ({ level }) => level),
  ],
  [
    "metadata's values",
    () => metric(`sum by (trace_id) (${count(`${service("pay")} | trace_id!=""`)})`, "trace_id"),
    () => counted(of("pay"), ({ trace_id }) => trace_id),
  ],
  [
    "values of a field, as a list",
    async () =>
      (
        (await ask("detected_field/http_status/values", { query: service("web"), line_limit: "1000" }))[
          "values"
        ] as string[]
      ).toSorted(),
    () => ["200", "500"],
  ],
  [
    "patterns",
    () => patterns(service("pay")),
    () => stepsOf(of("pay"), ({ level }) => `${level} ${payPattern(level)}`),
  ],
  [
    "lines of a pattern",
    () => logs(`${service("pay")} |> \`${payPattern("warn")}\``),
    () => texts(of("pay").filter(({ level }) => level === "warn")),
  ],
  [
    "lines of no such pattern",
    () => logs(`${service("pay")} !> \`${payPattern("warn")}\``),
    () => texts(of("pay").filter(({ level }) => level !== "warn")),
  ],
  [
    "lines of levels",
    () => logs(`${service("cart")} | detected_level=~"error|warn"`),
    () => texts(of("cart").filter(({ level }) => level === "error" || level === "warn")),
  ],
  [
    "lines of all but a level",
    () => logs(`${service("cart")} | detected_level!="info"`),
    () => texts(of("cart").filter(({ level }) => level !== "info")),
  ],
  [
    "lines with a text",
    () => logs(`${service("web")} |= \`items/10\` != \`"status":500\``),
    () => texts(of("web").filter(({ i }) => String(i).startsWith("10") && statusOf(i) !== 500)),
  ],
  [
    "lines with an expression in any case",
    () => logs(`${service("pay")} |~ \`(?i)PAYMENT 1[0-9] \` !~ \`user [5-6]\``),
    () => texts(of("pay").filter(({ i }) => i >= 10 && i < 20 && i % 7 < 5)),
  ],
  [
    "lines with a field's value",
    () => logs(`${service("web")} | json | ${clean} | http_status=\`500\` | took!=\`0ms\``),
    () => texts(of("web").filter(({ i }) => statusOf(i) === 500 && i % 200 !== 0)),
  ],
  [
    "lines with a field above a value",
    () => logs(`${service("cart")} | logfmt | ${clean} | took>90ms | size<=10KB`),
    () => texts(of("cart").filter(({ i }) => i % 97 > 90 && i % 50 <= 10)),
  ],
  [
    "lines with metadata",
    () => logs(`${service("pay")} | trace_id=\`trace-7\``),
    () => texts(of("pay").filter(({ i }) => i % 40 === 7)),
  ],
  [
    "lines of which only some labels are kept",
    () => logs(`${service("web")} | json | ${clean} | keep http_status, detected_level | http_status=\`500\``),
    () => texts(of("web").filter(({ i }) => statusOf(i) === 500)),
  ],
];

test("there are as many shapes of queries as the app has", () => {
  expect(new Set(shapes.map(([what]) => what)).size).toBe(36);
});

test.each(shapes)("%s", async (_what, answer, right) => {
  const expected = right();
  expect(Object.keys(expected).length).toBeGreaterThan(0);
  expect(await answer()).toEqual(expected);
});

test("where there is nothing the answers are empty, not errors", async () => {
  const nobody = { query: service("nobody") };
  const { detectedLabels, ...noLabels } = await ask("detected_labels", nobody);
  expect([detectedLabels ?? [], noLabels["status"]]).toEqual([[], undefined]);
  const { fields: none } = await ask("detected_fields", nobody);
  expect(none ?? []).toEqual([]);
  const { values } = await ask("detected_field/http_status/values", nobody);
  expect(values ?? []).toEqual([]);
  expect(results(await ask("index/volume", nobody))).toEqual([]);
  expect((await ask("patterns", { ...nobody, step: "60s" })).data).toEqual([]);
  expect(await logs(service("nobody"))).toEqual([]);
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
  const ranged = results(await ask("index/volume_range", { query: "{service_name=~`.+`}", step: "600s" }));
  expect(ranged.map(({ metric: own }) => own!["service_name"]!).sort()).toEqual(["cart", "pay", "web"]);
  const { limits, pattern_ingester_enabled: mines } = await ask("drilldown-limits", {});
  expect(limits).toMatchObject({
    volume_enabled: true,
    discover_log_levels: true,
    max_query_series: 500,
    pattern_persistence_enabled: true,
  });
  expect(mines).toBe(true);
});
