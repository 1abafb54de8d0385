import { Counter, Gauge, type Logger, type Registry } from "@ratatosk/observability";
import type { GroupId } from "./group/rule-group.ts";

/** What the ruler tells its operator. */
export class RulerEvents {
  readonly #log: Logger;
  readonly #evaluations: Counter<"user" | "rule_group">;
  readonly #failures: Counter<"user" | "rule_group">;
  readonly #iterations: Counter<"user" | "rule_group">;
  readonly #missed: Counter<"user" | "rule_group">;
  readonly #rules: Gauge<"user" | "rule_group">;
  readonly #interval: Gauge<"user" | "rule_group">;
  readonly #lastDuration: Gauge<"user" | "rule_group">;
  readonly #lastTime: Gauge<"user" | "rule_group">;
  readonly #notified: Counter<"alertmanager">;
  readonly #notifyErrors: Counter<"alertmanager">;
  readonly #written: Counter<"remote_name">;
  readonly #dropped: Counter<"remote_name">;
  readonly #reloaded: Gauge;
  readonly #queries: Counter;
  readonly #queriesFailed: Counter;
  readonly #groups = new Map<string, number>();

  constructor(log: Logger, registry: Registry) {
    this.#log = log;
    const registers = [registry];
    const counter = <Name extends string>(name: string, help: string, labelNames: Name[]): Counter<Name> =>
      new Counter({ name, help, labelNames, registers });
    const gauge = <Name extends string>(name: string, help: string, labelNames: Name[]): Gauge<Name> =>
      new Gauge({ name, help, labelNames, registers });
    const group: ("user" | "rule_group")[] = ["user", "rule_group"];
    const prefix = "loki_prometheus_rule";
    this.#evaluations = counter(`${prefix}_evaluations_total`, "Evaluations of rules.", group);
    this.#failures = counter(`${prefix}_evaluation_failures_total`, "Evaluations of rules that failed.", group);
    this.#iterations = counter(`${prefix}_group_iterations_total`, "Evaluations of groups, due or made up for.", group);
    this.#missed = counter(`${prefix}_group_iterations_missed_total`, "Evaluations of groups that came late.", group);
    this.#rules = gauge(`${prefix}_group_rules`, "Rules of a group.", group);
    this.#interval = gauge(`${prefix}_group_interval_seconds`, "Interval of a group.", group);
    this.#lastDuration = gauge(`${prefix}_group_last_duration_seconds`, "How long a group took.", group);
    this.#lastTime = gauge(`${prefix}_group_last_evaluation_timestamp_seconds`, "When a group ran last.", group);
    this.#notified = counter("loki_prometheus_notifications_sent_total", "Alerts sent.", ["alertmanager"]);
    this.#notifyErrors = counter("loki_prometheus_notifications_errors_total", "Notifications failed.", [
      "alertmanager",
    ]);
    this.#written = counter("loki_ruler_remote_write_samples_total", "Samples written to a receiver.", ["remote_name"]);
    this.#dropped = counter("loki_ruler_remote_write_samples_dropped_total", "Samples given up.", ["remote_name"]);
    this.#queries = counter("loki_ruler_queries_total", "Queries of rules.", []);
    this.#queriesFailed = counter("loki_ruler_queries_failed_total", "Queries of rules that failed.", []);
    const groups = this.#groups;
    new Gauge({
      name: "loki_ruler_managers_total",
      help: "Tenants whose groups are evaluated here.",
      registers,
      collect() {
        this.set(groups.size);
      },
    });
    this.#reloaded = gauge("loki_ruler_config_last_reload_successful", "1 if the last look for rules succeeded.", []);
  }

  groupStarted(id: GroupId, rules: number, intervalMs: number): void {
    this.#rules.set(labels(id), rules);
    this.#interval.set(labels(id), intervalMs / 1000);
    this.#count(id.tenant, 1);
  }

  groupStopped(id: GroupId): void {
    this.#count(id.tenant, -1);
    for (const gauge of [this.#rules, this.#interval, this.#lastDuration, this.#lastTime]) gauge.remove(labels(id));
  }

  groupEvaluated(id: GroupId, timeMs: number, seconds: number): void {
    this.#iterations.inc(labels(id));
    this.#lastDuration.set(labels(id), seconds);
    this.#lastTime.set(labels(id), timeMs / 1000);
  }

  evaluationsMissed(id: GroupId, count: number): void {
    if (count <= 0) return;
    this.#missed.inc(labels(id), count);
    this.#log.warn({ ...id, count }, "rule evaluations come late");
  }

  ruleEvaluated(id: GroupId, rule: string, failure: string | undefined): void {
    this.#evaluations.inc(labels(id));
    this.#queries.inc();
    if (failure === undefined) return;
    this.#failures.inc(labels(id));
    this.#queriesFailed.inc();
    this.#log.warn({ ...id, rule, failure }, "rule evaluation failed");
  }

  notified(alertmanager: string, alerts: number): void {
    this.#notified.inc({ alertmanager }, alerts);
  }

  notifyFailed(alertmanager: string, failure: string): void {
    this.#notifyErrors.inc({ alertmanager });
    this.#log.warn({ alertmanager, failure }, "alerts could not be sent");
  }

  written(remote: string, samples: number): void {
    this.#written.inc({ remote_name: remote }, samples);
  }

  dropped(remote: string, samples: number, failure: string): void {
    this.#dropped.inc({ remote_name: remote }, samples);
    this.#log.warn({ remote, samples, failure }, "samples of recording rules given up");
  }

  #count(tenant: string, groups: number): void {
    const now = (this.#groups.get(tenant) ?? 0) + groups;
    if (now > 0) this.#groups.set(tenant, now);
    else this.#groups.delete(tenant);
  }

  looked(failure: string | undefined): void {
    this.#reloaded.set(failure === undefined ? 1 : 0);
    if (failure !== undefined) this.#log.error({ failure }, "rules could not be read");
  }
}

const labels = ({ tenant, namespace, group }: GroupId): { user: string; rule_group: string } => ({
  user: tenant,
  rule_group: `${namespace};${group}`,
});
