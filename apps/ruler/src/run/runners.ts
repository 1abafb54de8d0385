import { setTimeout as sleep } from "node:timers/promises";
import type { Service } from "@ratatosk/service";
import { type GroupId, groupKey } from "../group/rule-group.ts";
import { printGroup } from "../group/print-group.ts";
import { readRuleFiles } from "../group/rule-files.ts";
import type { RuleStore, StoredGroup } from "../group/rule-store.ts";
import { GroupRunner, type RunnerModules } from "./group-runner.ts";
import type { GroupState } from "./group-state.ts";

export interface RunnersModules extends RunnerModules {
  readonly rules: RuleStore;
  readonly peers: RulerPeers;
}

/** Who evaluates which group. */
export interface RulerPeers {
  /** Whether this ruler evaluates the group of a key; of several rulers no two say so. */
  owns(key: string): boolean;
  onChange(changed: () => void): void;
}

/** A group with what its evaluations led to. */
export interface LiveGroup extends StoredGroup {
  readonly intervalMs: number;
  readonly state: GroupState;
}

/** Runs the groups that this ruler owns; looks for changed ones at intervals and when woken. */
export class Runners implements Service {
  readonly name = "ruler";
  readonly #modules: RunnersModules;
  readonly #aborter = new AbortController();
  readonly #running = new Map<string, { runner: GroupRunner; text: string }>();
  #files: readonly StoredGroup[] = [];
  #wake = Promise.withResolvers<void>();
  #looking: Promise<void> | undefined;

  constructor(modules: RunnersModules) {
    this.#modules = modules;
  }

  async start(): Promise<void> {
    const { config } = this.#modules;
    if (config.rule_directory !== "") this.#files = await readRuleFiles(config.rule_directory);
    this.#looking = this.#keepLooking();
  }

  async stop(): Promise<void> {
    this.#aborter.abort();
    await this.#looking;
    await Promise.all([...this.#running.values()].map(({ runner }) => runner.stop()));
    await Promise.all(this.#modules.writers.map((writer) => writer.stop()));
  }

  /** Looks for changed rules now. */
  wake(): void {
    this.#wake.resolve();
  }

  /** All groups of a tenant with their states, also those that other rulers run. */
  async groups(tenant: string): Promise<LiveGroup[]> {
    const stored = await this.#modules.rules.list(tenant);
    const all = [...this.#files.filter(({ id }) => id.tenant === tenant), ...stored];
    return Promise.all(all.map((one) => this.#live(one)));
  }

  async #live({ id, group }: StoredGroup): Promise<LiveGroup> {
    const running = this.#running.get(groupKey(id));
    const state = running?.runner.state ?? (await this.#modules.states.read(id));
    return { id, group, intervalMs: group.intervalMs || this.#modules.config.evaluation_interval, state };
  }

  async #keepLooking(): Promise<void> {
    const { signal } = this.#aborter;
    while (!signal.aborted) {
      this.#wake = Promise.withResolvers();
      await this.#look().then(
        () => this.#modules.events.looked(undefined),
        (error: Error) => this.#modules.events.looked(error.message),
      );
      const pause = sleep(this.#modules.config.poll_interval, undefined, { signal, ref: false }).catch(() => undefined);
      await Promise.race([pause, this.#wake.promise]);
    }
  }

  async #look(): Promise<void> {
    const { rules, peers } = this.#modules;
    const stored = await Promise.all((await rules.tenants()).map((tenant) => rules.list(tenant)));
    const wanted = new Map<string, StoredGroup>();
    for (const one of [...this.#files, ...stored.flat()])
      if (peers.owns(groupKey(one.id))) wanted.set(groupKey(one.id), one);
    for (const [key, { runner, text }] of this.#running) {
      const now = wanted.get(key);
      if (now !== undefined && printGroup(now.group) === text) continue;
      await runner.stop();
      this.#running.delete(key);
    }
    for (const [key, { id, group }] of wanted) if (!this.#running.has(key)) this.#begin(key, id, group);
  }

  #begin(key: string, id: GroupId, group: StoredGroup["group"]): void {
    const runner = new GroupRunner(id, group, this.#modules);
    this.#running.set(key, { runner, text: printGroup(group) });
    runner.start();
  }
}
