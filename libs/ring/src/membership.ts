import { lookup } from "node:dns/promises";
import type { IngesterApi } from "@ratatosk/proto";
import type { RingConfig } from "./config.ts";
import type { IngesterMember, Ingesters } from "./ingesters.ts";
import { rendezvous } from "./rendezvous.ts";

/** A connection to an ingester, as `libs/rpc` makes it. */
export interface IngesterConnection extends IngesterApi {
  isServing(): Promise<boolean>;
  close(): void;
}

export interface MembershipModules {
  readonly config: RingConfig;
  readonly connect: (address: string) => IngesterConnection;
  /** Finds the addresses that a name stands for. */
  readonly resolve?: (host: string) => Promise<string[]>;
  /** Told when a member begins or ceases to serve. */
  readonly onChange?: (event: { address: string; serving: boolean; reason?: string }) => void;
}

interface Known {
  readonly id: string;
  readonly api: IngesterConnection;
  serving: boolean;
}

/** The ingesters that a list of addresses or DNS names, each confirmed by its health service. */
export class Membership implements Ingesters {
  readonly name = "ring";
  readonly replicationFactor: number;
  readonly #modules: MembershipModules;
  readonly #known = new Map<string, Known>();
  #serving: readonly IngesterMember[] = [];
  #timer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;

  constructor(modules: MembershipModules) {
    this.#modules = modules;
    this.replicationFactor = modules.config.replication_factor;
  }

  /** Asks everybody once, then again every period. */
  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => void this.refresh(), this.#modules.config.health_period).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#refreshing;
    for (const { api } of this.#known.values()) api.close();
    this.#known.clear();
  }

  notReady(): string | undefined {
    return this.#serving.length === 0 ? "no ingester serves" : undefined;
  }

  members(): readonly IngesterMember[] {
    return this.#serving;
  }

  missing(): readonly string[] {
    return [...this.#known.values()].filter(({ serving }) => !serving).map(({ id }) => id);
  }

  replicas(tenant: string, stream: string): readonly IngesterMember[] {
    return rendezvous(this.#serving, `${tenant}\0${stream}`, this.replicationFactor);
  }

  /** Looks names up and asks each member for its health; one round at a time. */
  async refresh(): Promise<void> {
    this.#refreshing ??= this.#round().finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
  }

  async #round(): Promise<void> {
    this.#follow(await this.#addresses());
    await Promise.all([...this.#known.values()].map((member) => this.#ask(member)));
    this.#serving = [...this.#known.values()].filter(({ serving }) => serving);
  }

  async #addresses(): Promise<Set<string>> {
    const found = await Promise.all(this.#modules.config.members.map((member) => this.#addressesOf(member)));
    return new Set(found.flat());
  }

  /** The addresses of one entry of the list; those known before while its name cannot be looked up. */
  async #addressesOf(member: string): Promise<string[]> {
    if (!member.startsWith("dns+")) return [member];
    const at = member.lastIndexOf(":");
    try {
      const hosts = await (this.#modules.resolve ?? lookupAll)(member.slice("dns+".length, at));
      return hosts.map((host) => `${host.includes(":") ? `[${host}]` : host}${member.slice(at)}`);
    } catch {
      return [...this.#known.keys()].filter((address) => address.endsWith(member.slice(at)));
    }
  }

  #follow(addresses: ReadonlySet<string>): void {
    for (const [address, { api }] of this.#known) {
      if (addresses.has(address)) continue;
      this.#known.delete(address);
      api.close();
    }
    for (const id of addresses)
      if (!this.#known.has(id)) this.#known.set(id, { id, api: this.#modules.connect(id), serving: false });
  }

  async #ask(member: Known): Promise<void> {
    const before = member.serving;
    let reason = "it is not ready";
    try {
      member.serving = await member.api.isServing();
    } catch (error) {
      member.serving = false;
      reason = (error as Error).message;
    }
    if (member.serving === before) return;
    const { id: address, serving } = member;
    this.#modules.onChange?.(serving ? { address, serving } : { address, serving, reason });
  }
}

async function lookupAll(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}
