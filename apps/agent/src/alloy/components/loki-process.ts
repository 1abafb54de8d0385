import { Pipeline } from "../../pipeline.ts";
import { CustomMetrics } from "../../stages/custom-metrics.ts";
import { StageEvents } from "../../stages/stage-events.ts";
import type { Component, ComponentContext, ComponentKind } from "../component.ts";
import { Forward, Receiver, receivers } from "../receiver.ts";
import { required, type Schema, schema, withItems } from "../schema.ts";
import type { Shared } from "../shared.ts";
import { buildStages, stageSchemas } from "../stages/stage-table.ts";

const processSchema = withItems(schema({ attributes: { forward_to: required(receivers) } }), () => stageSchemas);
type Args = typeof processSchema extends Schema<infer T> ? T : never;

/** `loki.process`: entries through stages. Other arguments make another pipeline; the old one lets go of what it holds. */
class LokiProcess implements Component<Args> {
  readonly #context: ComponentContext<Shared>;
  readonly #receiver: Receiver;
  readonly #events: StageEvents;
  readonly #forgetMetrics: () => void;
  #pipeline: Pipeline | undefined;

  constructor(context: ComponentContext<Shared>) {
    this.#context = context;
    this.#receiver = new Receiver(context.id);
    const custom = new CustomMetrics();
    const { registry, remove } = context.shared.metrics.register(context.id, [["logentry_", "loki_process_"]], () =>
      custom.text(),
    );
    this.#events = new StageEvents(registry, custom);
    this.#forgetMetrics = remove;
    context.publish(new Map([["receiver", this.#receiver.capsule]]));
  }

  update(args: Args): void {
    const parts = { job: this.#context.id, log: this.#context.log, events: this.#events, now: Date.now };
    const stages = buildStages(args.items).map((stage) => stage.build(parts));
    const before = this.#pipeline;
    this.#pipeline = new Pipeline(stages, new Forward(args.forward_to));
    before?.flush();
    before?.close();
    this.#receiver.goal = this.#pipeline;
  }

  async stop(): Promise<void> {
    this.#pipeline?.flush();
    this.#pipeline?.close();
    this.#forgetMetrics();
  }
}

export const lokiProcess: ComponentKind<Shared, Args> = {
  name: "loki.process",
  role: "processor",
  schema: processSchema,
  create: (context) => new LokiProcess(context),
};
