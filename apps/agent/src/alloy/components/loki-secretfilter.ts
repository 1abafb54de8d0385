import { Counter } from "@ratatosk/observability";
import type { Component, ComponentContext, ComponentKind } from "../component.ts";
import { boolean, duration, integer, number, text } from "../decode.ts";
import { EachEntry } from "../each-entry.ts";
import { Forward, Receiver, receivers } from "../receiver.ts";
import { idle, optional, required, type Schema, schema } from "../schema.ts";
import { withoutSecrets } from "../secrets.ts";
import type { Shared } from "../shared.ts";

const filterSchema = schema({
  attributes: {
    forward_to: required(receivers),
    gitleaks_config: optional(text, ""),
    redact_with: optional(text, ""),
    redact_percent: optional(integer, 80),
    rate: optional(number, 1),
    processing_timeout: idle(optional(duration, 0)),
    drop_on_timeout: idle(optional(boolean, false)),
    label_timed_out: idle(optional(boolean, false)),
    origin_label: idle(optional(text, "")),
  },
  check: ({ gitleaks_config: config, redact_percent: percent, rate }) => {
    if (config !== "") throw new Error("gitleaks_config is not supported: this agent has rules of its own");
    if (percent < 0 || percent > 100) throw new Error("redact_percent must be between 0 and 100");
    if (rate < 0 || rate > 1) throw new Error("rate must be between 0.0 and 1.0");
  },
});
type Args = typeof filterSchema extends Schema<infer T> ? T : never;

/** `loki.secretfilter`: secrets in lines are made unreadable. Its expressions take linear time, so nothing times out. */
class SecretFilter implements Component<Args> {
  readonly #receiver: Receiver;
  readonly #found: Counter<"rule">;
  readonly #forgetMetrics: () => void;

  constructor(context: ComponentContext<Shared>) {
    this.#receiver = new Receiver(context.id);
    const { registry, remove } = context.shared.metrics.register(context.id, []);
    this.#found = new Counter({
      name: "loki_secretfilter_secrets_redacted_by_rule_total",
      help: "Secrets that were made unreadable.",
      labelNames: ["rule"],
      registers: [registry],
    });
    this.#forgetMetrics = remove;
    context.publish(new Map([["receiver", this.#receiver.capsule]]));
  }

  update({ forward_to: goals, redact_with: replacement, redact_percent: percent, rate }: Args): void {
    const found = (rule: string): void => this.#found.inc({ rule });
    const redaction = { with: replacement, percent: percent || 80, found };
    const redact = new EachEntry((entry) => {
      if (rate < 1 && Math.random() >= rate) return true;
      const text = withoutSecrets(entry.text, redaction);
      if (text !== entry.text) entry.text = text;
      return true;
    }, new Forward(goals));
    this.#receiver.goal = redact;
  }

  async stop(): Promise<void> {
    this.#forgetMetrics();
  }
}

export const lokiSecretFilter: ComponentKind<Shared, Args> = {
  name: "loki.secretfilter",
  role: "processor",
  isExperimental: true,
  schema: filterSchema,
  create: (context) => new SecretFilter(context),
};
