import { setTimeout as sleep } from "node:timers/promises";
import type { Entry } from "../../entry.ts";
import type { Outlet } from "../../lines.ts";
import type { Origin } from "../../origin.ts";
import type { Component, ComponentContext, ComponentKind } from "../component.ts";
import { EachEntry } from "../each-entry.ts";
import { Receiver } from "../receiver.ts";
import { optional, requiredBlock, type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";
import { fromLoki } from "./from-loki.ts";
import { consumeAll, consumers, type LogsConsumer } from "./logs.ts";

const receiverSchema = schema({
  blocks: { output: requiredBlock(schema({ attributes: { logs: optional(consumers, []) } })) },
});
type Args = typeof receiverSchema extends Schema<infer T> ? T : never;

const batchWaitMs = 200;
const batchEntries = 2000;
const stopMs = 1500;

/** Gathers entries and hands them on together; until they were taken their origins do not go on. */
class Gatherer implements Outlet {
  consumers: readonly LogsConsumer[] = [];
  #entries: Entry[] = [];
  /** From where on each origin is only here. */
  #kept = new Map<Origin, number>();
  #timer: NodeJS.Timeout | undefined;
  #handing: Promise<void> | undefined;
  readonly #failed: (error: unknown) => void;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  lines(): never {
    throw new Error("lines come one by one");
  }

  entry(entry: Entry): void {
    this.#keep(entry);
    this.#entries.push(entry);
    this.#timer ??= setTimeout(() => void this.flush(), batchWaitMs);
  }

  ready(): Promise<void> | undefined {
    return this.#entries.length < batchEntries ? undefined : this.flush();
  }

  /** Resolves once everything given so far was taken. */
  async flush(): Promise<void> {
    await this.#handing;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const entries = this.#entries;
    if (entries.length === 0) return;
    this.#entries = [];
    this.#handing = this.#hand(entries);
    await this.#handing;
  }

  async #hand(entries: readonly Entry[]): Promise<void> {
    await consumeAll(this.consumers, fromLoki(entries)).catch(this.#failed);
    this.#handing = undefined;
    for (const origin of this.#kept.keys()) origin.keep(this, undefined);
    this.#kept = new Map();
    for (const entry of this.#entries) this.#keep(entry);
  }

  #keep(entry: Entry): void {
    for (const { origin, start } of [entry, ...entry.also]) {
      const known = this.#kept.get(origin);
      if (known !== undefined && known <= start) continue;
      this.#kept.set(origin, start);
      origin.keep(this, start);
    }
  }
}

/** `otelcol.receiver.loki`: Loki's entries for OpenTelemetry's components. */
class LokiReceiver implements Component<Args> {
  readonly #gatherer: Gatherer;

  constructor({ id, log, publish }: ComponentContext<Shared>) {
    this.#gatherer = new Gatherer((error) => log.error({ err: error }, "entries were not taken"));
    const receiver = new Receiver(id);
    receiver.goal = new EachEntry(() => true, this.#gatherer);
    publish(new Map([["receiver", receiver.capsule]]));
  }

  update({ output }: Args): void {
    this.#gatherer.consumers = output!.logs;
  }

  /** What is not taken soon is read again at the next start. */
  async stop(): Promise<void> {
    await Promise.race([this.#gatherer.flush(), sleep(stopMs, undefined, { ref: false })]);
  }
}

export const lokiReceiver: ComponentKind<Shared, Args> = {
  name: "otelcol.receiver.loki",
  role: "processor",
  schema: receiverSchema,
  create: (context) => new LokiReceiver(context),
};
