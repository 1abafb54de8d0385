import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@ratatosk/observability";
import { afterAll, expect, test, vi } from "vitest";
import { AlloyAgent } from "./alloy-agent.ts";

const directory = mkdtempSync(join(tmpdir(), "alloy-agent-"));
afterAll(() => rmSync(directory, { recursive: true }));

const agentOf = (read: () => string, isExperimental = false): AlloyAgent =>
  new AlloyAgent({
    log: createLogger("silent"),
    storagePath: directory,
    isExperimental,
    path: join(directory, "config.alloy"),
    read: () => [{ name: "c.alloy", text: read() }],
  });

/** The first line of what is said about a configuration, "" where it is accepted. */
function problemOf(text: string): string {
  const agent = agentOf(() => text);
  try {
    agent.load();
    agent.check();
    return "";
  } catch (error) {
    return (error as Error).message.split("\n")[0]!;
  }
}

const process = (body: string): string => `loki.process "p" {\n\tforward_to = []\n${body}\n}\n`;

test.each([
  [process(""), ""],
  ['loki.write "w" { }\n', "Error: c.alloy:1:1: loki.write needs at least one endpoint"],
  ["level = 1\n", 'Error: c.alloy:1:1: unrecognized attribute name "level"'],
  ['loki.sink "x" { }\n', 'Error: c.alloy:1:1: cannot find the definition of component name "loki.sink"'],
  [
    'loki.source.kafka "x" { }\n',
    'Error: c.alloy:1:1: cannot find the definition of component name "loki.source.kafka": this agent does not support it',
  ],
  [
    "remotecfg { }\n",
    'Error: c.alloy:1:1: cannot find the definition of component name "remotecfg": this agent does not support it',
  ],
  ["loki.process {\n\tforward_to = []\n}\n", 'Error: c.alloy:1:1: block "loki.process" requires non-empty label'],
  [process("\tx = 1"), 'Error: c.alloy:3:2: unrecognized attribute name "x"'],
  [process("\tstage.none { }"), 'Error: c.alloy:3:2: unrecognized block name "stage.none"'],
  [process("") + process(""), "Error: c.alloy:5:1: block loki.process.p already declared at c.alloy:1:1"],
  ['loki.process "p" {\n\tforward_to = [1]\n}\n', 'Error: c.alloy:2:16: should be capsule("LogsReceiver"), got number'],
  [
    'loki.process "p" {\n\tforward_to = [loki.write.w.receiver]\n}\n',
    'Error: c.alloy:2:16: component "loki.write.w.receiver" does not exist or is out of scope',
  ],
  [
    'loki.process "a" {\n\tforward_to = [loki.process.b.receiver]\n}\n\nloki.process "b" {\n\tforward_to = [loki.process.a.receiver]\n}\n',
    "Error: -: cycle: loki.process.a, loki.process.b, loki.process.a",
  ],
  [
    'declare "d" {\n\targument "x" { }\n}\n\nd "a" { }\n',
    'Error: c.alloy:5:1: missing required argument "x" to module',
  ],
  ['declare "d" {\n\td "again" { }\n}\n\nd "a" { }\n', "Error: c.alloy:2:2: cycle: declare.d uses itself"],
  ['export "a" {\n\tvalue = 1\n}\n', "Error: c.alloy:1:1: export blocks only allowed inside a module"],
  [
    'foreach "x" {\n\tcollection = []\n\tvar = "i"\n\n\ttemplate { }\n}\n',
    "Error: c.alloy:1:1: foreach is experimental: it needs --stability.level=experimental",
  ],
])("%s", (text, problem) => {
  expect(problemOf(text)).toBe(problem);
});

test("what a component publishes reaches those that refer to it", async () => {
  const path = join(directory, "v.txt");
  writeFileSync(path, "first");
  const text = (values: string): string =>
    `local.file "v" {\n\tfilename = ${JSON.stringify(path)}\n\tdetector = "poll"\n\tpoll_frequency = "20ms"\n}\n\ndiscovery.relabel "r" {\n\ttargets = [${values}]\n}\n`;
  const agent = agentOf(() => text("{v = local.file.v.content}"));
  agent.load();
  await agent.start();
  const output = (): unknown => JSON.stringify(outputOf(agent));
  expect(output()).toBe('[[["v","first"]]]');
  writeFileSync(path, "second");
  await expect.poll(output).toBe('[[["v","second"]]]');
  await agent.stop();
});

/** The exported targets of `discovery.relabel.r`. */
function outputOf(agent: AlloyAgent): unknown {
  const exports = agent.module.nodes.find(({ id }) => id === "discovery.relabel.r")?.exports as Map<
    string,
    Map<string, string>[]
  >;
  return exports.get("output")!.map((target) => [...target]);
}

test.each([
  ['tracing {\n\tsampling_fraction = 0.1\n\n\tsampler "x" { }\n}\n', ["tracing"]],
  ["livedebugging {\n\tenabled = true\n}\n", ["livedebugging"]],
  [
    'http {\n\ttls {\n\t\tcert_file = "x"\n\t\tkey_file = "x"\n\t\tmin_version = "TLS13"\n\t}\n}\n',
    ["http.tls.min_version"],
  ],
  [
    'loki.write "w" {\n\tendpoint {\n\t\turl = "http://a/push"\n\t\tmax_backoff_retries = 3\n\n\t\tqueue_config { }\n\t}\n}\n',
    ["endpoint.max_backoff_retries", "endpoint.queue_config"],
  ],
])("a setting without effect is told: %s", (text, settings) => {
  const log = createLogger("silent");
  const told = vi.fn<(fields: { setting?: string }) => void>();
  log.warn = told;
  log.child = () => log as never;
  new AlloyAgent({
    log,
    storagePath: directory,
    isExperimental: false,
    path: "c.alloy",
    read: () => [{ name: "c", text }],
  }).load();
  expect(told.mock.calls.map(([{ setting }]) => setting)).toEqual(settings);
});

test("a configuration that is wrong changes nothing at a reload", async () => {
  let text = 'discovery.relabel "r" {\n\ttargets = [{a = "1"}]\n}\n';
  const agent = agentOf(() => text);
  agent.load();
  await agent.start();
  text = 'discovery.relabel "r" {\n\ttargets = [{a = gone.x}]\n}\n';
  await expect(agent.reload()).rejects.toThrow('component "gone.x" does not exist');
  expect(JSON.stringify(outputOf(agent))).toBe('[[["a","1"]]]');
  text =
    'discovery.relabel "r" {\n\ttargets = [{a = "2"}]\n}\n\nlocal.file "gone" {\n\tfilename = "/does/not/exist"\n}\n';
  await expect(agent.reload()).rejects.toThrow("no such file");
  expect(JSON.stringify(outputOf(agent))).toBe('[[["a","1"]]]');
  expect(agent.module.nodes.map(({ id }) => id)).toEqual(["discovery.relabel.r"]);
  text = 'discovery.relabel "r" {\n\ttargets = [{a = "2"}]\n}\n';
  await agent.reload();
  expect(JSON.stringify(outputOf(agent))).toBe('[[["a","2"]]]');
  await agent.stop();
});
