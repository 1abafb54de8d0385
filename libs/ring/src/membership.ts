import { lookup } from "node:dns/promises";
import type { IngesterApi, IngesterStatus } from "@ratatosk/proto";
import type { RingConfig } from "./config.ts";
import type { IngesterMember, Ingesters } from "./ingesters.ts";
import { Lost } from "./lost.ts";
import { Member, type MemberView } from "./member.ts";
import { rendezvous } from "./rendezvous.ts";

/** A connection to an ingester, as `libs/rpc` makes it. */
export interface IngesterConnection extends IngesterApi {
  status(): Promise<IngesterStatus>;
  close(): void;
}

export interface MembershipModules {
  readonly config: RingConfig;
  readonly connect: (address: string) => IngesterConnection;
  /** Finds the addresses that a name stands for. */
  readonly resolve?: (host: string) => Promise<string[]>;
  /** Told when a member begins or ceases to take pushes. */
  readonly onChange?: (event: { address: string; serving: boolean; reason?: string }) => void;
  readonly now?: () => number;
}

const replicasOfMany = 3;

/**
 * The ingesters that a list of addresses or DNS names, each asked what it does. One that has gone without a word counts
 * as missing until it comes back, wherever that is: it is known by its log.
 */
export class Membership implements Ingesters {
  readonly name = "ring";
  readonly #modules: MembershipModules;
  readonly #known = new Map<string, Member>();
  readonly #lost: Lost;
  #active: readonly IngesterMember[] = [];
  #mostKnown = 0;
  #timer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;

  constructor(modules: MembershipModules) {
    this.#modules = modules;
    this.#lost = new Lost(modules.config.forget_after, modules.now ?? Date.now);
  }

  /** As configured; else 1 as long as there has never been more than one ingester, then 3. */
  get replicationFactor(): number {
    return this.#modules.config.replication_factor ?? (this.#mostKnown > 1 ? replicasOfMany : 1);
  }

  /** Asks everybody once, then again every period. */
  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => void this.refresh(), this.#modules.config.health_period).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#refreshing;
    for (const member of this.#known.values()) member.api.close();
    this.#known.clear();
  }

  notReady(): string | undefined {
    return this.#active.length === 0 ? "no ingester serves" : undefined;
  }

  members(): readonly IngesterMember[] {
    return [...this.#known.values()].filter(({ isReachable }) => isReachable);
  }

  missing(): readonly string[] {
    const present = [...this.#known.values()];
    const held = new Set(present.filter(({ isComplete }) => isComplete).map(({ id }) => id));
    const silent = present.filter(({ isComplete, hasLeft, id }) => !isComplete && !hasLeft && !held.has(id));
    return [...new Set([...silent.map(({ id }) => id), ...this.#lost.ids().filter((id) => !held.has(id))])];
  }

  replicas(tenant: string, stream: string): readonly IngesterMember[] {
    return rendezvous(this.#active, `${tenant}\0${stream}`, this.replicationFactor);
  }

  /** Everybody who is or ought to be there, for the ring's page. */
  view(): readonly MemberView[] {
    return [...[...this.#known.values()].map((member) => member.view()), ...this.#lost.views()];
  }

  /** Waits no longer for a lost member. */
  forget(id: string): void {
    this.#lost.delete(id);
  }

  /** Looks names up and asks each member what it does; one round at a time. */
  async refresh(): Promise<void> {
    this.#refreshing ??= this.#round().finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
  }

  async #round(): Promise<void> {
    this.#follow(await this.#addresses());
    await Promise.all([...this.#known.values()].map((member) => member.ask(this.#modules.onChange)));
    for (const member of this.#known.values()) this.#settle(member);
    this.#active = [...this.#known.values()].filter(({ isActive }) => isActive);
    this.#mostKnown = Math.max(this.#mostKnown, this.#known.size);
  }

  /** One that left the list is kept as long as it answers: it may still be shipping what it has. */
  #settle(member: Member): void {
    if (member.isComplete) this.#lost.delete(member.id);
    if (member.isListed || member.isReachable) return;
    this.#known.delete(member.address);
    member.api.close();
    if (member.wasMet && !member.hasLeft) this.#lost.add(member.view());
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
    for (const [address, member] of this.#known) member.isListed = addresses.has(address);
    for (const address of addresses)
      if (!this.#known.has(address)) this.#known.set(address, new Member(address, this.#modules.connect(address)));
  }
}

async function lookupAll(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}
