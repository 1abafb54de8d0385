import type { Source, SourceParts } from "../../sources/source.ts";
import type { RelabelRule } from "../../relabel.ts";
import { SourceEvents } from "../../sources/source-events.ts";
import { ComponentPositions } from "../alloy-positions.ts";
import type { Component, ComponentContext } from "../component.ts";
import { Forward, Receiver, type Rules } from "../receiver.ts";
import type { Shared } from "../shared.ts";
import { sourceParts } from "./source-parts.ts";

interface CommonArgs {
  readonly forward_to: readonly Receiver[];
  readonly relabel_rules: Rules | undefined;
}

/** The sources of arguments; what few agents have is loaded only then. */
type MakeSources<T> = (args: T, parts: SourceParts) => readonly Source[] | Promise<readonly Source[]>;

/** A component around sources of the agent; other arguments make other sources, other receivers only take their place. */
export class SimpleSource<T extends CommonArgs> implements Component<T> {
  readonly #context: ComponentContext<Shared>;
  readonly #make: MakeSources<T>;
  readonly #receiver: Receiver;
  readonly #positions: ComponentPositions;
  readonly #events: SourceEvents;
  readonly #forgetMetrics: () => void;
  #args: T | undefined;
  #sources: readonly Source[] = [];
  #isStarted = false;
  #changing: Promise<void> = Promise.resolve();
  unhealthy: string | undefined;

  constructor(context: ComponentContext<Shared>, metricPrefix: string, make: MakeSources<T>) {
    this.#context = context;
    this.#receiver = new Receiver(context.id);
    this.#make = make;
    const { registry, remove } = context.shared.metrics.register(context.id, [["promtail_", metricPrefix]]);
    this.#events = new SourceEvents(registry);
    this.#forgetMetrics = remove;
    this.#positions = new ComponentPositions(context.id, context.shared, context.log);
  }

  update(args: T): void {
    this.#args = args;
    this.#receiver.goal = new Forward(args.forward_to);
    if (this.#isStarted) this.#changing = this.#changing.then(() => this.#open());
  }

  async start(): Promise<void> {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#context.shared.reading.set(this.#context.id, () => this.#sources.flatMap(({ status }) => status));
    await this.#positions.load("");
    await this.#open();
  }

  /** A source that cannot start, as its port is taken, leaves the others running. */
  async #open(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.stop()));
    const rules: readonly RelabelRule[] = this.#args!.relabel_rules?.rules ?? [];
    const { positions } = this.#positions;
    const own = { outlet: this.#receiver, relabelRules: rules, positions, events: this.#events };
    this.#sources = await this.#make(this.#args!, sourceParts(this.#context, own));
    const results = await Promise.allSettled(this.#sources.map((source) => source.start()));
    const failed = results.find((result) => result.status === "rejected");
    this.unhealthy = failed && (failed.reason as Error).message;
    if (failed) this.#context.log.error({ err: failed.reason as unknown }, "cannot start");
    this.#sources = this.#sources.filter((_, at) => results[at]!.status === "fulfilled");
  }

  async stop(): Promise<void> {
    await this.#changing;
    this.#context.shared.reading.delete(this.#context.id);
    await Promise.all(this.#sources.map((source) => source.stop()));
    await this.#positions.close();
    this.#forgetMetrics();
  }
}
