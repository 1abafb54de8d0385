import type { Route } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";
import { Counter, createLogger, Registry, type Logger } from "@ratatosk/observability";
import { createAgent, type Agent } from "./agent.ts";
import type { AgentConfig } from "./config/agent-config.ts";
import { parseFlags, usage, UsageError, type Flags } from "./config/flags.ts";
import { loadPromtailConfig } from "./config/promtail.ts";
import { DryRun } from "./dry-run.ts";
import { listenerTls } from "./pages/listener-tls.ts";
import { PageServer } from "./pages/page-server.ts";
import { lockState, type State, type StateLock } from "./state-lock.ts";
import { readStandardInput } from "./sources/standard-input.ts";

const version = "ratatosk, version 0.1.0 (promtail configuration 3.6)";

/** Runs a Promtail configuration with Promtail's command line; resolves with the exit code. */
export async function runPromtail(args: readonly string[]): Promise<number> {
  try {
    const flags = parseFlags(args);
    if (flags.help) return say(process.stderr, usage(), 2);
    if (flags.version) return say(process.stdout, `${version}\n`, 0);
    const config = loadPromtailConfig(flags.configFiles, flags);
    if (flags.printConfig) process.stderr.write(config.shown);
    if (flags.checkSyntax) return say(process.stdout, "Valid config file! No syntax issues found\n", 0);
    return await serve(config, flags);
  } catch (error) {
    if (error instanceof UsageError) return say(process.stderr, `${error.message}\n${usage()}`, 1);
    if (error instanceof RatatoskError) return say(process.stderr, `${error.message}\n`, 1);
    throw error;
  }
}

async function serve(given: AgentConfig, flags: Flags): Promise<number> {
  const log = createLogger(flags.logLevel ?? given.server.logLevel);
  const { config, locks } = await withState(given, log);
  try {
    return await run(config, flags, log);
  } finally {
    for (const lock of locks) await lock.release();
  }
}

/** Locks what the agent keeps. Where another agent has it, standard input is read without keeping anything. */
async function withState(config: AgentConfig, log: Logger): Promise<{ config: AgentConfig; locks: StateLock[] }> {
  const locks: StateLock[] = [];
  if (config.positions.readOnly) return { config, locks };
  try {
    for (const state of statesOf(config)) {
      const lock = await lockState(state, log);
      if (lock) locks.push(lock);
    }
    return { config, locks };
  } catch (error) {
    if (!config.stdin) throw error;
    return { config: { ...config, positions: { ...config.positions, readOnly: true } }, locks };
  }
}

/** The positions, and the buffer where it has been given a directory elsewhere. */
function statesOf({ positions: { filename }, buffer: { directory } }: AgentConfig): State[] {
  const state = (path: string, flag: string): State => ({
    path,
    lock: `${path}.lock`,
    instead: `give this one a path of its own with ${flag}`,
  });
  const isBeside = directory.startsWith(`${filename}.`);
  return [state(filename, "-positions.file"), ...(isBeside ? [] : [state(directory, "-buffer.directory")])];
}

async function run(config: AgentConfig, flags: Flags, log: Logger): Promise<number> {
  const registry = new Registry();
  const reloading = new Reloads(registry, log);
  const outlet = flags.dryRun ? { outlet: new DryRun(process.stdout) } : {};
  const { agent, routes } = createAgent({
    config: jobsFor(config),
    log,
    registry,
    ...outlet,
    ...(flags.inspect ? { inspect: (text: string) => void process.stderr.write(text) } : {}),
    reload: () => reloading.run(),
  });
  reloading.begin(agent, () => jobsFor(loadPromtailConfig(flags.configFiles, flags)));
  if (flags.logConfigReversed) for (const line of config.shown.trimEnd().split("\n").reverse()) log.info(line);
  const signalled = untilSignal(() => void reloading.run().catch(() => undefined));
  // A dry run works beside an agent that has the port.
  const server = config.server.disable || flags.dryRun ? undefined : await listen(config, routes, log);
  try {
    await agent.start();
    await (config.stdin ? standardInput(config, agent, signalled) : signalled);
    log.info("stopping");
    await agent.stop();
    return 0;
  } finally {
    await server?.close(500);
  }
}

/** With standard input no job reads anything. */
const jobsFor = (config: AgentConfig): AgentConfig => (config.stdin ? { ...config, jobs: [] } : config);

async function standardInput(config: AgentConfig, agent: Agent, signalled: Promise<void>): Promise<void> {
  const signal = new AbortController();
  const stopped = signalled.then(() => signal.abort());
  await Promise.race([stopped, readStandardInput(config.jobs[0], agent)]);
  await agent.drained(signal.signal);
}

async function listen({ server }: AgentConfig, routes: readonly Route[], log: Logger): Promise<PageServer> {
  const http = new PageServer(routes, { tls: await listenerTls(server.tls, log) });
  const { address, port } = await http.listen(server.port, server.address === "" ? "0.0.0.0" : server.address);
  log.info({ address, port }, "server listening");
  return http;
}

/** Reloads of the configuration, one at a time; a configuration that cannot be read changes nothing. */
class Reloads {
  readonly #success: Counter;
  readonly #fail: Counter;
  readonly #log: Logger;
  #agent: Agent | undefined;
  #read: (() => AgentConfig) | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(registry: Registry, log: Logger) {
    const registers = [registry];
    this.#success = new Counter({
      name: "promtail_config_reload_success_total",
      help: "Number of reload success times.",
      registers,
    });
    this.#fail = new Counter({
      name: "promtail_config_reload_fail_total",
      help: "Number of reload fail times.",
      registers,
    });
    this.#log = log;
  }

  begin(agent: Agent, read: () => AgentConfig): void {
    this.#agent = agent;
    this.#read = read;
  }

  run(): Promise<void> {
    const reload = this.#running.then(() => this.#reload());
    this.#running = reload.catch(() => undefined);
    return reload;
  }

  async #reload(): Promise<void> {
    try {
      await this.#agent!.reconfigure(this.#read!());
      this.#success.inc();
      this.#log.info("configuration reloaded");
    } catch (error) {
      this.#fail.inc();
      this.#log.error({ err: error }, "error reloading the configuration");
      throw error;
    }
  }
}

function untilSignal(onHangup: () => void): Promise<void> {
  process.on("SIGHUP", onHangup);
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
  });
}

function say(stream: NodeJS.WriteStream, text: string, code: number): number {
  stream.write(text);
  return code;
}
