import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type RatatoskProcess, serverProcess } from "../apps/e2e/src/index.ts";
import { compareWithKnown, failuresIn } from "./known-failures.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const shared = resolve(root, process.env["RATATOSK_SHARED"] ?? "../shared");
const suites = {
  questions: askQuestions,
  scenarios: playScenarios,
  agent: runAgents,
} as const;
type Suite = keyof typeof suites;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { update: { type: "boolean", default: false } },
});

mkdirSync(join(root, "conformance/known-failures"), { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "conformance-"));
const servers: RatatoskProcess[] = [];
let passed = 0;
let failed = 0;
try {
  const chosen = (positionals.length > 0 ? positionals : Object.keys(suites)) as Suite[];
  for (const suite of chosen) await check(suite);
} finally {
  await stopServers();
  rmSync(folder, { recursive: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;

async function check(suite: Suite): Promise<void> {
  const output = await suites[suite]();
  await stopServers();
  const list = join(root, `conformance/known-failures/${suite}.txt`);
  const failures = failuresIn(output);
  const agreeing = Number(/^(\d+) passed, \d+ failed/m.exec(output)?.[1] ?? 0);
  if (agreeing + failures.length === 0) throw new Error(`${suite}: the suite did not run:\n${output}`);
  if (options.update) writeFileSync(list, failures.map((failure) => `${failure}\n`).join(""));
  const known = existsSync(list) ? readFileSync(list, "utf8").split("\n").filter(Boolean) : [];
  const { broken, repaired } = compareWithKnown(failures, known);
  for (const name of broken)
    process.stdout.write(`${suite}: does not agree any more: ${name}\n${reasonIn(output, name)}`);
  for (const name of repaired) process.stdout.write(`${suite}: agrees now, take it off ${list}: ${name}\n`);
  process.stdout.write(`${suite}: ${agreeing} agree, ${failures.length} do not, ${known.length} of them known\n`);
  passed += agreeing - repaired.length;
  failed += broken.length + repaired.length;
}

function reasonIn(output: string, name: string): string {
  const after = output.slice(output.indexOf(`✗ ${name}\n`) + name.length + 3);
  return after.slice(0, /^\S/m.exec(after)?.index ?? 0);
}

async function askQuestions(): Promise<string> {
  const { url } = await serve("questions");
  const script = join(shared, "conformance/conformance.mjs");
  await run([script, "push", "--url", url]);
  return run([script, "check", "--url", url, "--show", "100000"]);
}

async function playScenarios(): Promise<string> {
  const [one, tenants] = [await serve("default"), await serve("tenants")];
  const script = join(shared, "conformance/scenarios/scenarios.mjs");
  return run([script, "check", "--url", one.url, "--tenants-url", tenants.url, "--show", "100000"]);
}

async function runAgents(): Promise<string> {
  const script = join(shared, "conformance/agent/agent-conformance.mjs");
  const agent = `${join(root, "apps/ratatosk/bin/ratatosk.mjs")} agent -config.file={config}`;
  return run([script, "check", "--agent", agent, "--show", "100000"]);
}

async function serve(name: string): Promise<RatatoskProcess> {
  const flags = [`--config.file=${join(root, `conformance/${name}.yaml`)}`, "--config.expand-env"];
  const server = await serverProcess({ folder: join(folder, name), flags, env: { SHARED: shared } });
  servers.push(server);
  return server.start();
}

async function stopServers(): Promise<void> {
  for (const server of servers.splice(0)) await server.stop();
}

/** What a script prints; it may fail, its last line tells. */
async function run(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const part of child.stdout.setEncoding("utf8")) output += String(part);
  return output;
}
