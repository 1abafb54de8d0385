import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { freePort, type RatatoskProcess, serverProcess } from "../apps/e2e/src/index.ts";
import { type Asked, forms } from "./question-forms.ts";
import { compareWithKnown, failuresIn } from "./known-failures.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const shared = resolve(root, process.env["RATATOSK_SHARED"] ?? "../shared");
/** A suite prints `✗ GROUP: NAME` for each case that does not agree; it can be asked for those alone whose name holds a text. */
interface Suite {
  run(only?: string): Promise<string>;
  /** The text that chooses a case. */
  readonly chooses: (name: string) => string;
  /** The suite whose known failures are this one's too. */
  readonly knownAs?: string;
}

const asNamed = (name: string): string => name;
const withoutColon = (name: string): string => name.replace(": ", " ");
const question = (name: string): string => name.slice(name.indexOf(": ") + 2);
const suites: Readonly<Record<string, Suite>> = {
  questions: { run: askQuestions, chooses: question },
  ...Object.fromEntries(
    Object.keys(forms).map((form): [string, Suite] => [
      `questions ${form}`,
      { run: (only) => askInForm(form, only), chooses: question, knownAs: "questions" },
    ]),
  ),
  scenarios: { run: playScenarios, chooses: asNamed },
  agent: { run: (only) => runAgents("cases", "-config.file={config}", only), chooses: withoutColon },
  alloy: { run: (only) => runAgents("alloy/cases", "run {config}", only), chooses: withoutColon },
};

/** More failures than this are no accident: they are not tried again. */
const mostRetries = 25;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { update: { type: "boolean", default: false } },
});

mkdirSync(join(root, "conformance/known-failures"), { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "conformance-"));
const servers = new Map<string, RatatoskProcess>();
let asked: Asked | undefined;
let passed = 0;
let failed = 0;
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(suites)) await check(name);
} finally {
  await stopServers();
  rmSync(folder, { recursive: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;

async function check(name: string): Promise<void> {
  const began = Date.now();
  const suite = suites[name];
  if (suite === undefined) throw new Error(`no suite ${name}: ${Object.keys(suites).join(", ")}`);
  const output = await suite.run();
  const list = join(root, `conformance/known-failures/${suite.knownAs ?? name}.txt`);
  const known = existsSync(list) ? readFileSync(list, "utf8").split("\n").filter(Boolean) : [];
  const failures = failuresIn(output);
  const agreeing = Number(/^(\d+) passed, \d+ failed/m.exec(output)?.[1] ?? 0);
  if (agreeing + failures.length === 0) throw new Error(`${name}: the suite did not run:\n${output}`);
  if (options.update) writeFileSync(list, failures.map((failure) => `${failure}\n`).join(""));
  const { broken, repaired } = compareWithKnown(failures, options.update ? failures : known);
  const lasting = broken.length > mostRetries ? broken : await stillFailing(suite, broken);
  await stopServers();
  for (const one of lasting) process.stdout.write(`${name}: does not agree any more: ${one}\n${reasonIn(output, one)}`);
  for (const one of repaired) process.stdout.write(`${name}: agrees now, take it off ${list}: ${one}\n`);
  const seconds = Math.round((Date.now() - began) / 1000);
  process.stdout.write(
    `${name}: ${agreeing} agree, ${failures.length} do not, ${known.length} are known; ${seconds} s\n`,
  );
  passed += agreeing + broken.length - lasting.length;
  failed += lasting.length;
}

/** Cases with clocks and sockets may fail on a busy machine: what fails is asked once more, by itself. */
async function stillFailing(suite: Suite, names: readonly string[]): Promise<string[]> {
  const failing: string[] = [];
  for (const name of names) {
    process.stdout.write(`asked once more: ${name}\n`);
    if (failuresIn(await suite.run(suite.chooses(name))).includes(name)) failing.push(name);
  }
  return failing;
}

function reasonIn(output: string, name: string): string {
  const after = output.slice(output.indexOf(`✗ ${name}\n`) + name.length + 3);
  return after.slice(0, /^\S/m.exec(after)?.index ?? 0);
}

async function askQuestions(only?: string): Promise<string> {
  const script = join(shared, "conformance/conformance.mjs");
  const { url, isNew } = await serve("questions");
  if (isNew) await run([script, "push", "--url", url]);
  return run([script, "check", "--url", url, ...shown(only)]);
}

/** The same questions, with the data lying otherwise. */
async function askInForm(form: string, only?: string): Promise<string> {
  const script = join(shared, "conformance/conformance.mjs");
  const home = join(folder, form);
  mkdirSync(home, { recursive: true });
  asked ??= await forms[form]!({
    folder: home,
    flags: [`--config.file=${join(root, "conformance/questions.yaml")}`],
    dataset: join(shared, "conformance/dataset.jsonl"),
    push: async (url, dataset) => void (await run([script, "push", "--url", url, "--dataset", dataset])),
  });
  return run([script, "check", "--url", asked.url, ...shown(only)]);
}

/**
 * The scenarios' own configurations are Loki's, and start our servers as they are; addresses and paths apart. The servers
 * are new each time, as some scenarios can be played once only.
 */
async function playScenarios(only?: string): Promise<string> {
  await stopServers();
  const profiles = join(shared, "conformance/scenarios/profiles");
  const play = async (name: string): Promise<{ url: string }> => {
    const home = mkdtempSync(join(folder, `${name}-`));
    cpSync(profiles, home, { recursive: true });
    return started(name, home, `${name}.yaml`, `--server.grpc_listen_port=${await freePort()}`);
  };
  const [one, tenants] = [await play("default"), await play("tenants")];
  const script = join(shared, "conformance/scenarios/scenarios.mjs");
  return run([script, "check", "--url", one.url, "--tenants-url", tenants.url, "--fresh", ...shown(only)]);
}

async function runAgents(cases: string, args: string, only?: string): Promise<string> {
  const home = join(shared, "conformance/agent");
  const agent = `${join(root, "apps/ratatosk/bin/ratatosk.mjs")} agent ${args}`;
  const script = join(home, "agent-conformance.mjs");
  return run([script, "check", "--cases", join(home, cases), "--agent", agent, ...shown(only)]);
}

function shown(only?: string): string[] {
  return ["--show", "100000", ...(only === undefined ? [] : ["--only", only])];
}

/** A server with a configuration of `conformance/`; the same one for a suite's repetitions. */
function serve(name: string): Promise<{ url: string; isNew: boolean }> {
  return started(name, join(folder, name), join(root, `conformance/${name}.yaml`));
}

/** A server in a folder; the same one for a suite's repetitions. */
async function started(
  name: string,
  home: string,
  file: string,
  ...flags: string[]
): Promise<{ url: string; isNew: boolean }> {
  const known = servers.get(name);
  if (known !== undefined) return { url: known.url, isNew: false };
  const server = await serverProcess({ folder: home, flags: [`--config.file=${file}`, ...flags] });
  servers.set(name, server);
  await server.start();
  return { url: server.url, isNew: true };
}

async function stopServers(): Promise<void> {
  for (const server of [...servers.values(), ...(asked?.processes ?? [])]) await server.stop();
  servers.clear();
  asked = undefined;
}

/** What a script prints; it may fail, its last line tells. */
async function run(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const part of child.stdout.setEncoding("utf8")) output += String(part);
  return output;
}
