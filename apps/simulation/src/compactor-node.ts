import { type Compactor, CompactorConfig, createCompactor } from "@ratatosk/compactor";
import { DeleteRequests } from "@ratatosk/deletes";
import type { ObjectStore } from "@ratatosk/object-store";
import { createLogger, Registry } from "@ratatosk/observability";
import { Host } from "./host.ts";
import { limits } from "./ingester-node.ts";

const { signal } = new AbortController();
/** Small and often, so that a minute sees all it does. */
const config = {
  compaction_interval: "6s",
  merge_files: 3,
  settle_period: "20s",
  segment_size: "32KB",
  block_size: "8KB",
  lease_duration: "10s",
  retention_delete_delay: "30s",
};

/** A compactor: merges what the ingesters ship, one of several at a time. */
export class CompactorNode {
  readonly name: string;
  readonly #objects: ObjectStore;
  #host: Host | undefined;
  #compactor: Compactor | undefined;

  constructor(name: string, objects: ObjectStore) {
    this.name = name;
    this.#objects = objects;
  }

  start(): void {
    if (this.#host !== undefined) return;
    const host = new Host(this.name);
    this.#host = host;
    const objects = this.#objects;
    this.#compactor = host.run(() =>
      createCompactor({
        config: CompactorConfig.parse(config),
        log: createLogger("silent"),
        registry: new Registry(),
        limits,
        objects,
        requests: new DeleteRequests({ objects, listingMs: 1000, now: Date.now }),
        flushedWithinMs: 30_000,
      }),
    );
    void host.run(() => this.#compactor!.services[0]!.start(signal));
  }

  crash(): void {
    this.#host?.end();
    this.#host = undefined;
  }
}
