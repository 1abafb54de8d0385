import { setTimeout as sleep } from "node:timers/promises";
import { type Labels, RatatoskError } from "@ratatosk/model";
import { inTrace } from "@ratatosk/observability";
import { type Alert, needsSending } from "../alert/alert.ts";
import type { RulerConfig } from "../config.ts";
import { type GroupId, groupKey, type Rule, type RuleGroup } from "../group/rule-group.ts";
import type { RulerEvents } from "../ruler-events.ts";
import type { Notifier } from "../send/notifier.ts";
import type { RemoteWriter } from "../send/remote-writer.ts";
import { evaluateAlerts, evaluateRecording, type Sample } from "./evaluate-rule.ts";
import { explorePage } from "./explore-page.ts";
import { type GroupState, noRuleState, noState, ruleKey, type RuleState } from "./group-state.ts";
import { dueTimes, type Schedule, scheduleOf } from "./schedule.ts";
import type { StateStore } from "./state-store.ts";

/** Answers a metric expression at one time (unix milliseconds). */
export type Evaluate = (
  tenant: string,
  expr: string,
  timeMs: number,
  signal: AbortSignal,
) => Promise<readonly Sample[]>;

export interface RunnerModules {
  readonly config: RulerConfig;
  readonly evaluate: Evaluate;
  readonly states: StateStore;
  readonly notifier: Notifier;
  readonly writers: readonly RemoteWriter[];
  readonly events: RulerEvents;
  readonly now: () => number;
}

/** States of groups that are evaluated more often are still written no oftener than this. */
const savedEveryMs = 15_000;

/** Evaluates one group on its schedule, makes up for what was missed, and keeps its state. */
export class GroupRunner {
  readonly id: GroupId;
  readonly group: RuleGroup;
  readonly intervalMs: number;
  readonly #modules: RunnerModules;
  readonly #schedule: Schedule;
  readonly #aborter = new AbortController();
  #state: GroupState = noState;
  #savedMs = 0;
  #running: Promise<void> | undefined;

  constructor(id: GroupId, group: RuleGroup, modules: RunnerModules) {
    this.id = id;
    this.group = group;
    this.intervalMs = group.intervalMs || modules.config.evaluation_interval;
    this.#modules = modules;
    this.#schedule = scheduleOf(groupKey(id), this.intervalMs);
  }

  get state(): GroupState {
    return this.#state;
  }

  start(): void {
    this.#modules.events.groupStarted(this.id, this.group.rules.length, this.intervalMs);
    this.#running = this.#run();
  }

  /** Ends after the evaluation under way, with the state stored. */
  async stop(): Promise<void> {
    this.#aborter.abort();
    await this.#running;
    this.#modules.events.groupStopped(this.id);
  }

  async #run(): Promise<void> {
    const { signal } = this.#aborter;
    while (!signal.aborted) {
      try {
        this.#state = await this.#modules.states.read(this.id);
        break;
      } catch {
        await sleep(1000, undefined, { signal }).catch(() => undefined);
      }
    }
    while (!signal.aborted) {
      await this.#evaluateDue();
      const next = this.#schedule.intervalMs - ((this.#modules.now() - this.#schedule.offsetMs) % this.intervalMs);
      await sleep(next, undefined, { signal }).catch(() => undefined);
    }
    await this.#save().catch(() => undefined);
  }

  async #evaluateDue(): Promise<void> {
    const { config, now, events } = this.#modules;
    const times = dueTimes(this.#schedule, this.#state.lastEvaluationMs, now(), config.backfill_limit);
    events.evaluationsMissed(this.id, times.length - 1);
    for (const timeMs of times) {
      if (this.#aborter.signal.aborted) return;
      const { tenant, namespace, group } = this.id;
      await inTrace({ name: "rule group", attributes: { tenant, namespace, group } }, () => this.#evaluateAt(timeMs));
    }
  }

  async #evaluateAt(timeMs: number): Promise<void> {
    const { events, now } = this.#modules;
    const began = performance.now();
    const rules: Record<string, RuleState> = {};
    for (const [position, rule] of this.group.rules.entries()) {
      const key = ruleKey(rule, position, this.group.rules);
      rules[key] = await this.#evaluateRule(rule, this.#state.rules[key] ?? noRuleState, timeMs);
      if (this.#aborter.signal.aborted) return;
    }
    const before = this.#state;
    const evaluationSeconds = (performance.now() - began) / 1000;
    this.#state = { lastEvaluationMs: timeMs, evaluationSeconds, rules };
    events.groupEvaluated(this.id, timeMs, evaluationSeconds);
    if (alertsOf(before) !== alertsOf(this.#state) || now() - this.#savedMs >= savedEveryMs)
      await this.#save().catch(() => undefined);
  }

  async #evaluateRule(rule: Rule, before: RuleState, timeMs: number): Promise<RuleState> {
    const { evaluate, events } = this.#modules;
    const began = performance.now();
    const done = (outcome: Partial<RuleState>): RuleState => ({
      ...before,
      health: "ok",
      lastError: "",
      ...outcome,
      lastEvaluationMs: timeMs,
      evaluationSeconds: (performance.now() - began) / 1000,
    });
    try {
      const samples = await evaluate(this.id.tenant, rule.expr, timeMs, this.#aborter.signal);
      const outcome =
        rule.kind === "alerting"
          ? { alerts: await this.#alerts(rule, samples, before.alerts, timeMs) }
          : { recorded: this.#record(rule, samples, before.recorded, timeMs) };
      events.ruleEvaluated(this.id, rule.name, undefined);
      return done(outcome);
    } catch (error) {
      const lastError = RatatoskError.from(error).message;
      if (!this.#aborter.signal.aborted) events.ruleEvaluated(this.id, rule.name, lastError);
      return done({ health: "err", lastError });
    }
  }

  async #alerts(
    rule: Rule & { kind: "alerting" },
    samples: readonly Sample[],
    before: readonly Alert[],
    timeMs: number,
  ): Promise<Alert[]> {
    const { config, notifier } = this.#modules;
    const alerts = evaluateAlerts(rule, samples, before, timeMs, {
      forMs: rule.forMs,
      keepFiringForMs: rule.keepFiringForMs,
      resolvedRetentionMs: config.resolved_retention,
      limit: this.group.limit,
      externalUrl: config.external_url,
    });
    const due = alerts.filter((alert) => needsSending(alert, timeMs, config.resend_delay));
    const endsAtMs = this.#modules.now() + 4 * Math.max(this.intervalMs, config.resend_delay);
    const generatorUrl = explorePage(config.external_url, config.datasource_uid, rule.expr);
    const notices = due.map((alert) => ({ alert, generatorUrl, endsAtMs }));
    if (!(await notifier.send(notices, this.#aborter.signal))) return alerts;
    return alerts.map((alert) => (due.includes(alert) ? { ...alert, sentAtMs: timeMs } : alert));
  }

  #record(
    rule: Rule & { kind: "recording" },
    samples: readonly Sample[],
    before: readonly Labels[],
    timeMs: number,
  ): Labels[] {
    const recorded = evaluateRecording(rule, samples, before, timeMs, this.group.limit);
    for (const writer of this.#modules.writers) writer.write(recorded);
    return recorded.filter(({ stale }) => !stale).map(({ labels }) => labels);
  }

  async #save(): Promise<void> {
    await this.#modules.states.write(this.id, this.#state);
    this.#savedMs = this.#modules.now();
  }
}

/** What must not be lost of a state: which alerts there are, in which phase, and who was told. */
const alertsOf = ({ rules }: GroupState): string =>
  JSON.stringify(Object.values(rules).map(({ alerts }) => alerts.map((alert) => ({ ...alert, value: 0 }))));
