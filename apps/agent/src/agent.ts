import { setTimeout as sleep } from "node:timers/promises";
import type { Route } from "@ratatosk/http";
import type { Registry } from "@ratatosk/observability";
import { Gauge, type Logger } from "@ratatosk/observability";
import type { Service } from "@ratatosk/service";
import type { AgentConfig, JobConfig } from "./config/agent-config.ts";
import { DirectoryWatcher } from "./files/directory-watcher.ts";
import { FileEvents } from "./files/file-events.ts";
import { FileReader } from "./files/file-reader.ts";
import { LineScanner } from "./files/line-scanner.ts";
import type { TargetStatus } from "./files/file-targets.ts";
import type { Outlet } from "./lines.ts";
import { Pipeline } from "./pipeline.ts";
import { Positions } from "./positions.ts";
import { Client } from "./push/client.ts";
import { FanOut } from "./push/fan-out.ts";
import { PushEvents } from "./push/push-events.ts";
import { RateLimit } from "./rate-limit.ts";
import { agentRoutes } from "./pages/routes.ts";
import { serversOf, type ServerStatus } from "./pages/watched.ts";
import { createSource } from "./sources/create-source.ts";
import { SourceEvents } from "./sources/source-events.ts";
import type { Source } from "./sources/source.ts";
import { CustomMetrics } from "./stages/custom-metrics.ts";
import { inspected } from "./stages/inspect.ts";
import { StageEvents } from "./stages/stage-events.ts";
import { TargetEvents } from "./target-events.ts";
import { ReadClock } from "./time/instant.ts";

/** How long a sender waits for others to share a write with. */
const durableMs = 25;

export interface AgentModules {
  readonly config: AgentConfig;
  readonly log: Logger;
  readonly registry: Registry;
  /** Where entries go in place of the clients: a dry run. */
  readonly outlet?: Outlet;
  /** Shows what each stage changes. */
  readonly inspect?: (text: string) => void;
  /** Reads the configuration again, for `/reload`. */
  readonly reload?: () => Promise<void>;
}

/** A job as it runs. */
export interface RunningJob {
  readonly config: JobConfig;
  readonly source: Source;
  readonly pipeline: Pipeline;
}

/** The agent: sources, their stages, one queue for each server and tenant. */
export class Agent implements Service {
  readonly name = "agent";
  readonly log: Logger;
  readonly targetEvents: TargetEvents;
  readonly #modules: AgentModules;
  readonly #positions: Positions;
  readonly #fileEvents: FileEvents;
  readonly #stageEvents: StageEvents;
  readonly #sourceEvents: SourceEvents;
  readonly #pushEvents: PushEvents;
  readonly #watcher: DirectoryWatcher;
  readonly #reader: FileReader;
  readonly #scanner = new LineScanner();
  readonly clock = new ReadClock();
  readonly custom = new CustomMetrics();
  #clients: Client[] = [];
  #outlet: Outlet;
  #jobs: RunningJob[] = [];
  #config: AgentConfig;
  #cut = 0;
  #timers: NodeJS.Timeout[] = [];
  #flushing: Promise<void> | undefined;

  constructor(modules: AgentModules) {
    const { config, log, registry } = modules;
    this.#modules = modules;
    this.#config = config;
    this.log = log;
    this.targetEvents = new TargetEvents(registry);
    this.#fileEvents = new FileEvents(log, registry);
    this.#stageEvents = new StageEvents(registry, this.custom);
    this.#sourceEvents = new SourceEvents(registry);
    this.#pushEvents = new PushEvents(log, registry);
    this.#positions = new Positions(config.positions, log);
    this.#watcher = new DirectoryWatcher({
      onChange: (path) => this.#reader.changed(path),
      onNames: (directory) => this.#jobs.forEach(({ source }) => source.namesChanged?.(directory)),
      onError: (directory, error) =>
        this.#fileEvents.troubled(directory, error, "directory cannot be watched, polling"),
    });
    this.#reader = new FileReader(this.#fileEvents, (directory) => this.#watcher.has(directory));
    this.#outlet = modules.outlet ?? new FanOut([], log);
    new Gauge({
      name: "promtail_build_info",
      help: "Constant 1, labelled with what was built.",
      labelNames: ["version"],
      registers: [registry],
    }).set({ version: "ratatosk" }, 1);
  }

  get config(): AgentConfig {
    return this.#config;
  }

  get jobs(): readonly RunningJob[] {
    return this.#jobs;
  }

  get clients(): readonly Client[] {
    return this.#clients;
  }

  get targets(): { job: string; targets: readonly TargetStatus[] }[] {
    return this.#jobs.map(({ config, source }) => ({ job: config.name, targets: source.status }));
  }

  get servers(): ServerStatus[] {
    return serversOf(this.#clients);
  }

  async start(): Promise<void> {
    for (const warning of this.#config.warnings) this.log.warn(warning);
    await this.#positions.load();
    if (!this.#modules.outlet) this.#clients = await this.#openClients(this.#config);
    this.#outlet = this.#outletTo(this.#clients);
    const found = this.#clients.flatMap((client) => client.found);
    this.#cut = Math.max(0, ...found.map(({ cut }) => cut));
    this.#positions.learn(found);
    for (const client of this.#clients) client.start();
    this.#reader.start();
    await Promise.all(this.#config.jobs.map((job) => this.#startJob(job)));
    this.#every(this.#config.positions.syncPeriodMs, () => this.#sync());
    this.#every(1000, async () => this.#watch());
    this.#watch();
  }

  /** Finishes what was read: into the buffer, and to the servers that answer. Five seconds at most. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#reader.stop();
    const stopped = Promise.all(this.#jobs.map((job) => this.#stopJob(job)));
    await within(2000, stopped);
    await within(1000, Promise.all(this.#clients.map((client) => client.flush())));
    await Promise.all(this.#clients.map((client) => client.drained(AbortSignal.timeout(1500))));
    await this.#positions.sync();
    await within(1500, Promise.all(this.#clients.map((client) => client.stop())));
    await this.#positions.sync();
    this.#watcher.close();
  }

  /** Everything that was read has arrived. */
  async drained(signal: AbortSignal): Promise<void> {
    for (const { pipeline } of this.#jobs) pipeline.flush();
    await Promise.all(this.#clients.map((client) => client.flush()));
    await Promise.all(this.#clients.map((client) => client.drained(signal)));
  }

  notReady(): string | undefined {
    const { healthCheckTarget } = this.#config.server;
    if (!healthCheckTarget || this.targets.some(({ targets }) => targets.some(({ isReady }) => isReady)))
      return undefined;
    return "Unable to find any logs to tail. Please verify permissions, volumes, scrape_config, etc.";
  }

  /** Takes another configuration: jobs and clients that are the same go on. */
  async reconfigure(config: AgentConfig): Promise<void> {
    const same = (a: JobConfig, b: JobConfig): boolean => a.fingerprint === b.fingerprint;
    const sameClients = JSON.stringify(config.clients) === JSON.stringify(this.#config.clients);
    const sameLimits = JSON.stringify(config.limits) === JSON.stringify(this.#config.limits);
    const keepsJobs = sameClients && sameLimits && config.syncPeriodMs === this.#config.syncPeriodMs;
    const leaving = this.#jobs.filter((job) => !keepsJobs || !config.jobs.some((next) => same(next, job.config)));
    await Promise.all(leaving.map((job) => this.#stopJob(job)));
    this.#jobs = this.#jobs.filter((job) => !leaving.includes(job));
    this.#config = config;
    if (!sameClients && !this.#modules.outlet) {
      const old = this.#clients;
      await Promise.all(old.map((client) => client.flush()));
      await this.#positions.sync();
      await Promise.all(old.map((client) => client.stop()));
      this.#clients = await this.#openClients(config);
      for (const client of this.#clients) client.start();
    }
    if (!keepsJobs) this.#outlet = this.#outletTo(this.#clients);
    for (const job of config.jobs) if (!this.#jobs.some((known) => same(known.config, job))) await this.#startJob(job);
    this.#watch();
  }

  async #openClients(config: AgentConfig): Promise<Client[]> {
    const buffer = this.#modules.config.positions.readOnly ? undefined : config.buffer;
    const parts = { buffer, events: this.#pushEvents, nextCut: () => ++this.#cut };
    const clients = config.clients.map((client) => new Client(client, parts));
    for (const client of clients) await client.open();
    return clients;
  }

  #outletTo(clients: readonly Client[]): Outlet {
    const { limits } = this.#config;
    const goal = this.#modules.outlet ?? new FanOut(clients, this.log);
    if (!limits.readlineRateEnabled) return goal;
    const limit = { rate: limits.readlineRate, burst: limits.readlineBurst, drops: limits.readlineRateDrop };
    return new RateLimit(limit, goal, this.#stageEvents);
  }

  /** A pipeline with the stages of a job, or without any. */
  pipelineFor(job: JobConfig | undefined): Pipeline {
    const parts = { job: job?.name ?? "", log: this.log, events: this.#stageEvents, now: Date.now };
    const { inspect } = this.#modules;
    const stages = (job?.stages ?? []).map((config) => {
      const stage = config.build(parts);
      return inspect ? inspected(config.name, stage, inspect) : stage;
    });
    return new Pipeline(stages, this.#outlet);
  }

  async #startJob(config: JobConfig): Promise<void> {
    const pipeline = this.pipelineFor(config);
    const source = await createSource(config, {
      job: config.name,
      relabelRules: config.relabelRules,
      outlet: pipeline,
      log: this.log,
      positions: this.#positions,
      fileEvents: this.#fileEvents,
      targetEvents: this.targetEvents,
      sourceEvents: this.#sourceEvents,
      reader: this.#reader,
      scanner: this.#scanner,
      clock: this.clock,
      durable: () => this.#durable(),
    });
    this.#jobs.push({ config, source, pipeline });
    await source.start();
  }

  /** Those who wait at about the same time wait for the same write. */
  #durable(): Promise<void> {
    return (this.#flushing ??= sleep(durableMs).then(async () => {
      this.#flushing = undefined;
      await Promise.all(this.#clients.map((client) => client.flush()));
    }));
  }

  async #stopJob({ source, pipeline }: RunningJob): Promise<void> {
    await source.stop();
    pipeline.flush();
    pipeline.close();
  }

  #every(ms: number, work: () => Promise<void>): void {
    let isBusy = false;
    const timer = setInterval(() => {
      if (isBusy) return;
      isBusy = true;
      void work().finally(() => (isBusy = false));
    }, ms);
    this.#timers.push(timer);
  }

  async #sync(): Promise<void> {
    await this.#positions.sync();
    for (const client of this.#clients) await client.persist();
  }

  #watch(): void {
    this.#watcher.keepOnly(new Set(this.#jobs.flatMap(({ source }) => [...(source.directories ?? [])])));
  }
}

/** Makes the agent of a configuration: what is started and stopped, and what its HTTP server serves. */
export function createAgent(modules: AgentModules): { agent: Agent; services: Service[]; routes: Route[] } {
  const agent = new Agent(modules);
  return { agent, services: [agent], routes: agentRoutes(agent, modules) };
}

/** Waits for work, but no longer than `ms`. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, late]);
  clearTimeout(timer);
}
