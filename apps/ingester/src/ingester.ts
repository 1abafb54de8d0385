import { setTimeout as sleep } from "node:timers/promises";
import type { LimitsSource } from "@ratatosk/config";
import type { Route } from "@ratatosk/http";
import { type ChunkSource, RatatoskError, type Selection } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import type { Logger, Registry } from "@ratatosk/observability";
import type { IngesterApi, IngesterState, IngesterStatus, PushAnswer } from "@ratatosk/proto";
import type { Service } from "@ratatosk/service";
import { Wal } from "@ratatosk/wal";
import type { IngesterConfig } from "./config.ts";
import { IngesterEvents, type IngesterGauges } from "./events.ts";
import { Flusher } from "./flush/flusher.ts";
import { Shipped } from "./flush/shipped.ts";
import { MemorySource } from "./memory/memory-source.ts";
import { Memory } from "./memory/memory.ts";
import { Admission } from "./push/admission.ts";
import { BatchWindow } from "./push/batch-window.ts";
import { Pushes } from "./push/pushes.ts";
import { batchIdsRecord, shippedRecord } from "./records.ts";
import { replay } from "./replay.ts";
import { ingesterRoutes } from "./routes.ts";
import { ShutdownMarker } from "./shutdown-marker.ts";
import { Tails } from "./tails.ts";

export interface IngesterModules {
  readonly config: IngesterConfig;
  /** The name of this ingester among all: letters, digits, `.`, `_` and `-`; others become `-`. */
  readonly id: string;
  readonly log: Logger;
  readonly registry: Registry;
  readonly objects: ObjectStore;
  readonly limits: LimitsSource;
  readonly now?: () => number;
  /** How long it goes on answering when it has shipped all: until everybody knows what lies in the store. */
  readonly lingerMs?: number;
  /** Ends the process, for whoever shuts the ingester down over HTTP. */
  readonly terminate?: () => void;
}

export interface IngesterParts {
  readonly api: IngesterApi;
  readonly status: () => IngesterStatus;
  readonly services: readonly Service[];
  readonly routes: readonly Route[];
}

/** Takes what is new into its log and memory, answers for it, and ships it to the store. */
export function createIngester(modules: IngesterModules): IngesterParts {
  const ingester = new Ingester(modules);
  return {
    api: ingester,
    status: () => ingester.status(),
    services: [ingester],
    routes: ingesterRoutes({
      marker: ingester.marker,
      flush: () => ingester.flush(),
      shutDown: (ships) => ingester.shutDown(ships),
      terminate: modules.terminate ?? (() => undefined),
    }),
  };
}

interface Running {
  readonly wal: Wal;
  readonly flusher: Flusher;
  readonly pushes: Pushes;
  readonly timer: NodeJS.Timeout;
}

class Ingester implements IngesterApi, Service {
  readonly name = "ingester";
  readonly source: ChunkSource;
  readonly marker: ShutdownMarker;
  readonly #modules: IngesterModules;
  readonly #now: () => number;
  readonly #memory: Memory;
  readonly #admission: Admission;
  readonly #events: IngesterEvents;
  readonly #window = new BatchWindow();
  readonly #tails = new Tails();
  readonly #shipped: Shipped;
  #running: Running | undefined;
  #id = "";
  #state: IngesterState = "JOINING";

  constructor(modules: IngesterModules) {
    const { config, limits, log, registry, now = Date.now } = modules;
    this.#modules = modules;
    this.#now = now;
    this.#memory = new Memory(0, { blockBytes: config.chunk_block_size, budgetBytes: config.memory_budget, now });
    this.#admission = new Admission({
      limits,
      windowMs: config.max_chunk_age / 2,
      idleMs: config.chunk_idle_period,
      mostShown: config.max_returned_stream_errors,
      now,
      onCreated: (tenant) => this.#events.streamCreated(tenant),
      onRemoved: (tenant, streams) => this.#events.streamsRemoved(tenant, streams),
    });
    this.marker = new ShutdownMarker(config.shutdown_marker_path);
    this.#shipped = new Shipped(now);
    this.#events = new IngesterEvents(log, registry, this.#gauges());
    this.source = new MemorySource(this.#memory, () => this.#shipped.keys());
  }

  async start(signal: AbortSignal): Promise<void> {
    const { config, log, registry } = this.#modules;
    const wal = await Wal.open({ directory: config.wal.dir, segmentBytes: config.wal.segment_size, log, registry });
    this.#id = wal.id;
    const parts = { memory: this.#memory, admission: this.#admission, window: this.#window, events: this.#events, wal };
    await replay({ ...parts, shipped: this.#shipped }, signal);
    const flusher = this.#flusher(wal);
    const pushes = new Pushes({ ...parts, tails: this.#tails, stored: () => flusher.check() });
    const timer = setInterval(() => this.#tick(flusher), config.flush_check_period);
    this.#running = { wal, flusher, pushes, timer };
    this.#state = "ACTIVE";
    flusher.check();
  }

  async stop(): Promise<void> {
    await this.shutDown(this.#modules.config.wal.flush_on_shutdown || this.marker.isSet);
  }

  /** Takes nothing more; with `ships` everything goes to the store first. False if it was not running. */
  async shutDown(ships: boolean): Promise<boolean> {
    const running = this.#running;
    if (running === undefined) return false;
    this.#running = undefined;
    this.#state = "LEAVING";
    clearInterval(running.timer);
    try {
      if (ships) await this.#leave(running.flusher);
    } finally {
      await running.flusher.idle();
      await running.wal.close();
    }
    return true;
  }

  /** Ships all there is. What cannot be shipped stays in the log. */
  async #leave(flusher: Flusher): Promise<void> {
    // A push that was underway may have come in behind the first.
    do await flusher.flush("forced");
    while (!this.#memory.current.empty);
    this.#state = "LEFT";
    await sleep(this.#modules.lingerMs ?? 0);
  }

  status(): IngesterStatus {
    return { id: this.#id, name: this.#modules.id, state: this.#state };
  }

  notReady(): string | undefined {
    if (this.#running !== undefined) return undefined;
    const why = this.#state === "JOINING" ? "the write-ahead log is being read" : "it has been shut down";
    return `Ingester not ready: ${why}`;
  }

  async push(batch: Uint8Array): Promise<PushAnswer> {
    return this.#started.pushes.push(batch);
  }

  async tail(selection: Omit<Selection, "start" | "end">, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    return this.#tails.follow(selection, signal);
  }

  async flush(): Promise<void> {
    await this.#started.flusher.flush("forced");
  }

  get #started(): Running {
    if (this.#running === undefined) throw new RatatoskError("unavailable", "the ingester is not running");
    return this.#running;
  }

  #flusher(wal: Wal): Flusher {
    const { config, id, objects } = this.#modules;
    return new Flusher({
      memory: this.#memory,
      wal,
      objects,
      events: this.#events,
      shipped: this.#shipped,
      writer: `${id.replace(/[^A-Za-z0-9._-]/g, "-")}-${wal.id}`,
      firstRecords: () => [batchIdsRecord(this.#window.encode()), shippedRecord(this.#shipped.encode())],
      maxAgeMs: config.max_chunk_age,
      now: this.#now,
    });
  }

  #tick(flusher: Flusher): void {
    this.#admission.expire();
    flusher.check();
  }

  #gauges(): IngesterGauges {
    return {
      streams: () => this.#admission.streams.entries().map(([tenant, streams]) => [tenant, streams.size]),
      chunks: () => this.#memory.generations.reduce((sum, { chunks }) => sum + chunks, 0),
      chunksBegun: () => this.#memory.chunksBegun,
      bytes: () => this.#memory.bytes,
      leaving: () => this.#memory.leaving.length,
    };
  }
}
