import type { LimitsSource } from "@ratatosk/config";
import type { Route } from "@ratatosk/http";
import type { ObjectStore } from "@ratatosk/object-store";
import type { Logger, Registry } from "@ratatosk/observability";
import type { Service } from "@ratatosk/service";
import type { RulerConfig } from "./config.ts";
import { RuleStore } from "./group/rule-store.ts";
import { prometheusRoutes } from "./routes/prometheus-routes.ts";
import { ruleRoutes } from "./routes/rule-routes.ts";
import { RulerEvents } from "./ruler-events.ts";
import type { Evaluate } from "./run/group-runner.ts";
import { type RulerPeers, Runners } from "./run/runners.ts";
import { StateStore } from "./run/state-store.ts";
import { Notifier } from "./send/notifier.ts";
import { RemoteWriter } from "./send/remote-writer.ts";

export interface RulerModules {
  readonly config: RulerConfig;
  readonly log: Logger;
  readonly registry: Registry;
  readonly limits: LimitsSource;
  readonly objects: ObjectStore;
  /** Answers the rules' expressions. */
  readonly evaluate: Evaluate;
  /** The other rulers, with whom the groups are shared. */
  readonly peers: RulerPeers;
}

/** Evaluates rules on time, keeps their alerts, tells Alertmanager and Prometheus; its routes read and write rules. */
export function createRuler(modules: RulerModules): { services: Service[]; routes: Route[] } {
  const { config, log, registry, limits, objects, evaluate, peers } = modules;
  const events = new RulerEvents(log, registry);
  const rules = new RuleStore(objects);
  const states = new StateStore(objects);
  const urls = config.alertmanager_url.split(",").filter(Boolean);
  const notifier = new Notifier({ urls, timeoutMs: config.alertmanager_timeout, events });
  const { enabled, clients, queue_samples: queueSamples } = config.remote_write;
  const writers = enabled
    ? Object.entries(clients).map(([name, client]) => new RemoteWriter({ name, client, queueSamples, events }))
    : [];
  const runners = new Runners({ config, rules, states, evaluate, peers, notifier, writers, events, now: Date.now });
  peers.onChange(() => runners.wake());
  const writing = config.enable_api ? ruleRoutes({ rules, states, limits, changed: () => runners.wake() }) : [];
  const reading = prometheusRoutes({ groups: (tenant) => runners.groups(tenant) });
  return { services: [runners], routes: [...writing, ...reading] };
}
