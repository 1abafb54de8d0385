import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";
import { rendezvous } from "./rendezvous.ts";

export interface PeersOptions {
  /** Addresses, `HOST:PORT` or `dns+HOST:PORT`; empty when there is one process only. */
  readonly members: readonly string[];
  /** Where this process listens: its own address is the one of this port on an interface of this machine. */
  readonly port: number;
  readonly healthPeriodMs: number;
  /** Finds the addresses that a name stands for. */
  readonly resolve?: (host: string) => Promise<string[]>;
  /** Whether the process at an address is ready. */
  readonly isReady?: (address: string) => Promise<boolean>;
  readonly now?: () => number;
}

interface View {
  readonly members: readonly { readonly id: string }[];
  readonly untilMs: number;
}

/** A view that was replaced is respected for so many rounds: whoever held a key by it has let go by then. */
const respectedRounds = 3;

/**
 * Processes of one kind that share work: each key belongs to one of those that are ready. A key that changes hands is
 * owned by nobody for a few rounds rather than by two.
 */
export class Peers {
  readonly name = "peers";
  readonly #options: PeersOptions;
  readonly #now: () => number;
  readonly #changed: (() => void)[] = [];
  readonly #ready = new Map<string, boolean>();
  #own: string | undefined;
  #present: View["members"] = [];
  #before: View[] = [];
  #timer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;

  constructor(options: PeersOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  async start(): Promise<void> {
    if (this.#options.members.length === 0) return;
    this.#before = [{ members: [], untilMs: this.#respected() }];
    await this.refresh();
    this.#timer = setInterval(() => void this.refresh(), this.#options.healthPeriodMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#refreshing;
  }

  /** `ready` peers by address, this process among them. */
  members(): readonly string[] {
    return this.#present.map(({ id }) => id);
  }

  /** `ready` peers without this process. */
  others(): readonly string[] {
    return this.members().filter((address) => address !== this.#own);
  }

  /** Known addresses that are not ready. */
  missing(): readonly string[] {
    return [...this.#ready].filter(([, ready]) => !ready).map(([address]) => address);
  }

  /** Whether this process answers for a key. */
  owns(key: string): boolean {
    if (this.#options.members.length === 0) return true;
    const isOurs = (members: View["members"]): boolean => rendezvous(members, key, 1)[0]?.id === this.#own;
    return this.#own !== undefined && isOurs(this.#present) && this.#before.every(({ members }) => isOurs(members));
  }

  /** Called whenever ownership may have changed. */
  onChange(changed: () => void): void {
    this.#changed.push(changed);
  }

  /** Looks names up and asks each peer; one round at a time. */
  async refresh(): Promise<void> {
    this.#refreshing ??= this.#round().finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
  }

  async #round(): Promise<void> {
    const addresses = await this.#addresses();
    this.#own = ownAddress(addresses, this.#options.port);
    const ask = this.#options.isReady ?? isReady;
    const answers = await Promise.all(addresses.map(async (address) => address === this.#own || (await ask(address))));
    this.#ready.clear();
    for (const [i, address] of addresses.entries()) this.#ready.set(address, answers[i]!);
    this.#see(addresses.filter((address) => this.#ready.get(address)).sort());
  }

  #see(ids: readonly string[]): void {
    const now = this.#now();
    const settled = this.#before.filter(({ untilMs }) => untilMs > now);
    const isSame = ids.join() === this.members().join();
    if (!isSame && this.#present.length > 0) settled.push({ members: this.#present, untilMs: this.#respected() });
    const isMoved = !isSame || settled.length < this.#before.length;
    this.#before = settled;
    this.#present = ids.map((id) => ({ id }));
    if (isMoved) for (const changed of this.#changed) changed();
  }

  #respected(): number {
    return this.#now() + respectedRounds * this.#options.healthPeriodMs;
  }

  async #addresses(): Promise<string[]> {
    const found = await Promise.all(this.#options.members.map((member) => this.#addressesOf(member)));
    return [...new Set(found.flat())];
  }

  /** The addresses of one entry of the list; those known before while its name cannot be looked up. */
  async #addressesOf(member: string): Promise<string[]> {
    const at = member.lastIndexOf(":");
    const isName = member.startsWith("dns+");
    try {
      const hosts = await (this.#options.resolve ?? lookupAll)(member.slice(isName ? "dns+".length : 0, at));
      return hosts.map((host) => `${host.includes(":") ? `[${host}]` : host}${member.slice(at)}`);
    } catch {
      return [...this.#ready.keys()].filter((address) => address.endsWith(member.slice(at)));
    }
  }
}

function ownAddress(addresses: readonly string[], port: number): string | undefined {
  const local = Object.values(networkInterfaces()).flatMap((some) => some?.map(({ address }) => address) ?? []);
  return addresses.find((address) => {
    const at = address.lastIndexOf(":");
    return Number(address.slice(at + 1)) === port && local.includes(address.slice(0, at).replace(/^\[|\]$/g, ""));
  });
}

async function isReady(address: string): Promise<boolean> {
  try {
    const response = await fetch(`http://${address}/ready`, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function lookupAll(host: string): Promise<string[]> {
  return (await lookup(host.replace(/^\[|\]$/g, ""), { all: true })).map(({ address }) => address);
}
