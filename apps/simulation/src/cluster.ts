import { MemoryStore } from "@ratatosk/object-store";
import { CompactorNode } from "./compactor-node.ts";
import { DistributorNode } from "./distributor-node.ts";
import { IngesterNode } from "./ingester-node.ts";
import { Network } from "./network.ts";
import { bucketOf, type StoreMood } from "./objects.ts";
import { Reader } from "./reader.ts";
import type { Ring } from "./ring.ts";
import type { World } from "./world.ts";
import { Ledger, Writer } from "./writer.ts";

const names = (kind: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${kind}-${at}`);

/** Two distributors, three ingesters, two compactors and a querier, over one bucket, with writers. */
export class Cluster {
  readonly world: World;
  readonly network: Network;
  readonly storeMood: StoreMood = { failures: 0, delayMs: 10 };
  readonly bucket = new MemoryStore();
  readonly ledger = new Ledger();
  readonly ingesters: readonly IngesterNode[];
  readonly distributors: readonly DistributorNode[];
  readonly compactors: readonly CompactorNode[];
  readonly writers: readonly Writer[];
  readonly reader: Reader;

  constructor(world: World) {
    this.world = world;
    this.network = new Network(world);
    const objects = bucketOf(this.bucket, this.storeMood, world);
    this.ingesters = names("ingester", 3).map((name) => new IngesterNode(name, world, this.network, objects));
    const ring: Ring = new Map(this.ingesters.map((node) => [`${node.name}:9095`, node]));
    for (const ingester of this.ingesters) ingester.start();
    this.distributors = names("distributor", 2).map((name) => new DistributorNode(name, this.network, ring));
    this.compactors = names("compactor", 2).map((name) => new CompactorNode(name, objects));
    this.writers = names("writer", 4).map((name) => new Writer(name, world, this.distributors, this.ledger));
    this.reader = new Reader(ring, objects);
    for (const node of [...this.distributors, ...this.compactors, ...this.writers]) node.start();
  }

  /** All is well again: nothing is cut, slow or broken, and everything runs. */
  heal(): void {
    this.network.heal();
    Object.assign(this.network.mood, { delayMs: 3, losses: 0 });
    Object.assign(this.storeMood, { failures: 0, delayMs: 10 });
    for (const { name } of this.ingesters) Object.assign(this.world.disk.mood(name), { syncMs: 4, failures: 0 });
    for (const node of [...this.ingesters, ...this.distributors, ...this.compactors]) node.start();
  }
}
