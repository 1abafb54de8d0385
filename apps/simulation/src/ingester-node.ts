import { LimitsConfig, type LimitsSource } from "@ratatosk/config";
import { createIngester, IngesterConfig, type IngesterParts } from "@ratatosk/ingester";
import type { BlockRef, Chunk, ChunkSource } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { createLogger, Registry } from "@ratatosk/observability";
import type { IngesterConnection } from "@ratatosk/ring";
import { Host } from "./host.ts";
import type { Network } from "./network.ts";
import type { World } from "./world.ts";

const { signal } = new AbortController();
const restartMs = 1000;
/** Small, so that a minute sees many of them. */
const config = {
  chunk_block_size: "4KB",
  memory_budget: "24KB",
  max_chunk_age: "15s",
  flush_check_period: "1s",
};

export const limits: LimitsSource = (() => {
  const all = LimitsConfig.parse({ reject_old_samples: false, ingestion_rate_mb: 1000, per_stream_rate_limit: "1GB" });
  return { forTenant: () => all };
})();

/** An ingester with its disk: stopped, killed and started again. */
export class IngesterNode {
  readonly name: string;
  readonly #world: World;
  readonly #network: Network;
  readonly #objects: ObjectStore;
  #host: Host | undefined;
  #parts: IngesterParts | undefined;

  constructor(name: string, world: World, network: Network, objects: ObjectStore) {
    this.name = name;
    this.#world = world;
    this.#network = network;
    this.#objects = objects;
  }

  /** Starts it unless it runs. One that cannot start is started again, as by Swarm. */
  start(): void {
    if (this.#host !== undefined) return;
    const host = new Host(this.name);
    this.#host = host;
    this.#parts = host.run(() =>
      createIngester({
        config: IngesterConfig.parse({
          ...config,
          wal: { dir: `/simulated/${this.name}/wal`, segment_size: "16KB" },
          shutdown_marker_path: "/simulated/none",
        }),
        id: this.name,
        log: createLogger("silent"),
        registry: new Registry(),
        objects: this.#objects,
        limits,
        lingerMs: 3000,
      }),
    );
    host
      .run(() => this.#parts!.services[0]!.start(signal))
      .catch(() => {
        if (this.#host !== host) return;
        this.#end();
        this.#world.clock.after(restartMs, () => this.start(), "nobody");
      });
  }

  /** `kill -9` and a power cut at once. */
  crash(): void {
    this.#end();
    this.#world.disk.crash(this.name);
  }

  /** SIGTERM. */
  stop(): void {
    const [host, parts] = [this.#host, this.#parts];
    if (host === undefined || parts === undefined) return;
    const ended = (): void => {
      if (this.#host === host) this.#end();
    };
    host.run(() => parts.services[0]!.stop()).then(ended, ended);
  }

  flush(): Promise<void> {
    return this.#network.call(
      this.name,
      () => this.#host,
      () => this.#parts!.api.flush(),
    );
  }

  /** What others see of it. */
  connection(): IngesterConnection {
    const call = <T>(work: (parts: IngesterParts) => Promise<T>): Promise<T> =>
      this.#network.call(
        this.name,
        () => this.#host,
        () => work(this.#parts!),
      );
    return {
      push: (batch) => {
        const sent = batch.slice();
        return call(({ api }) => api.push(sent));
      },
      flush: () => call(({ api }) => api.flush()),
      tail: () => Promise.reject(new Error("nobody tails here")),
      status: () => call(async ({ status }) => status()),
      close: () => undefined,
      source: remoteSource(call),
    };
  }

  #end(): void {
    this.#host?.end();
    this.#host = undefined;
    this.#parts = undefined;
  }
}

type Call = <T>(work: (parts: IngesterParts) => Promise<T>) => Promise<T>;

/** The memory of an ingester from afar: each step is a call. */
function remoteSource(call: Call): ChunkSource {
  const remoteBlock = (block: BlockRef): BlockRef => ({
    ...block,
    fetch: (want, aborted) => call(() => block.fetch(want, aborted)),
  });
  const remoteChunk = (chunk: Chunk): Chunk => ({
    ...chunk,
    blocks: async (aborted, skip) => (await call(() => chunk.blocks(aborted, skip))).map(remoteBlock),
  });
  return {
    async select(selection, aborted) {
      const found = await call(({ api }) => api.source.select(selection, aborted));
      return { ...found, chunks: found.chunks.map(remoteChunk) };
    },
    labelNames: (selection, aborted) => call(({ api }) => api.source.labelNames(selection, aborted)),
    labelValues: (name, selection, aborted) => call(({ api }) => api.source.labelValues(name, selection, aborted)),
    series: (selection, aborted) => call(({ api }) => api.source.series(selection, aborted)),
  };
}
