import { setTimeout as sleep } from "node:timers/promises";
import { decodeBatch } from "@ratatosk/chunk";
import { LiveLines } from "@ratatosk/engine";
import type { WebSocketPeer } from "@ratatosk/http";
import type { LogExpr } from "@ratatosk/logql";
import { parseLabels, RatatoskError } from "@ratatosk/model";
import { followIngesters, type Ingesters } from "@ratatosk/ring";
import type { Reader, ReaderModules } from "../reader.ts";
import { checkLength, checkSelector } from "../query-limits.ts";
import { type FrameForm, frames } from "./frames.ts";
import { entriesOf, History } from "./history.ts";
import { Outbox, type TailEntry } from "./outbox.ts";
import { ReplicaFilter } from "./replica-filter.ts";
import type { TailParams } from "./tail-params.ts";

export interface TailModules extends ReaderModules {
  readonly ingesters: Ingesters;
  readonly maxDurationMs: number;
}

export interface TailOptions extends Omit<TailParams, "expr"> {
  readonly expr: LogExpr;
  readonly reader: Reader;
  readonly form: FrameForm;
  readonly flags: readonly string[];
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  /** Filled with the streams that lines came of, up to a number. */
  readonly streams: Set<string>;
  /** Told how many bytes of lines are sent. */
  readonly onSent: (bytes: number) => void;
}

const mostStreams = 10_000;

/** How often what has come is sent. */
const sendMs = 100;

/**
 * Sends a client what is stored, then what comes. New entries are collected before the history is read, so that none
 * falls between; those that both hold are sent once.
 */
export class Tail {
  readonly #modules: TailModules;
  readonly #options: TailOptions;
  readonly #peer: WebSocketPeer;
  readonly #live: LiveLines;
  readonly #outbox = new Outbox();
  readonly #history = new History();
  readonly #replicas: ReplicaFilter | undefined;
  #failure: unknown;

  constructor(modules: TailModules, options: TailOptions, peer: WebSocketPeer) {
    this.#modules = modules;
    this.#options = options;
    this.#peer = peer;
    this.#live = new LiveLines(options.expr, options.flags.includes("categorize-labels"));
    this.#replicas = modules.ingesters.replicationFactor > 1 ? new ReplicaFilter() : undefined;
  }

  /** Goes on until the client is gone; throws what the client shall be told where it ends otherwise. */
  async run(): Promise<void> {
    const { ingesters, maxDurationMs, now } = this.#modules;
    const { expr, reader, signal, start } = this.#options;
    const until = performance.now() + maxDurationMs;
    checkSelector(expr, reader.limits);
    checkLength(start, now(), reader.limits);
    const selection = { tenant: reader.tenant, matchers: expr.matchers };
    const onBatch = (batch: Uint8Array): Promise<void> => this.#take(batch);
    const following = await followIngesters(ingesters, selection, { onBatch, signal });
    void following.ended.then(() =>
      this.#fail(new RatatoskError("unavailable", "all ingesters closed the connection")),
    );
    await this.#sendHistory();
    while (!signal.aborted) {
      if (this.#failure !== undefined) throw this.#failure;
      if (performance.now() > until) throw new RatatoskError("timeout", "reached tail max duration limit");
      await this.#send(this.#outbox.take(performance.now()).filter((entry) => !this.#history.takes(entry)));
      await sleep(sendMs);
    }
  }

  async #sendHistory(): Promise<void> {
    const { expr, start, limit, reader, flags } = this.#options;
    const end = this.#modules.now();
    if (end <= start) return;
    const categorized = flags.includes("categorize-labels");
    const query = { expr, start, end, limit, forward: false, intervalNs: 0n, categorized };
    const { result } = await this.#modules.engine.lines(query, reader.terms);
    const entries = entriesOf(result.streams);
    this.#history.remember(entries);
    await this.#send(entries);
  }

  async #send(entries: readonly TailEntry[]): Promise<void> {
    const { signal, onSent } = this.#options;
    for (const frame of frames(entries, this.#outbox.takeDropped(), this.#options)) {
      if (signal.aborted) return;
      await this.#peer.send(frame);
    }
    if (entries.length > 0) onSent(entries.reduce((sum, { entry }) => sum + entry.line.length, 0));
  }

  /** Called for each batch as it comes: what passes the pipeline waits to be sent. */
  async #take(bytes: Uint8Array): Promise<void> {
    const due = performance.now() + this.#options.delayMs;
    try {
      for (const stream of decodeBatch(bytes).streams) {
        const fresh = this.#replicas === undefined ? stream : this.#replicas.pass(stream);
        if (fresh === undefined) continue;
        if (this.#options.streams.size < mostStreams) this.#options.streams.add(fresh.labels);
        const found = await this.#live.of(parseLabels(fresh.labels), fresh.block, this.#options.signal);
        for (const entry of entriesOf(found)) this.#outbox.add(entry, due);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= RatatoskError.from(error);
  }
}
