import { decodeResult, encodeJob, type ScanPeers, type SharedJob, type SharedResult } from "@ratatosk/engine";
import { RatatoskError } from "@ratatosk/model";
import type { QuerierApi, ScanCall } from "@ratatosk/proto";
import type { PeerEvents } from "./peer-events.ts";

/** A querier to which jobs can be given. */
export interface PeerQuerier extends QuerierApi {
  readonly address: string;
  scan(job: Uint8Array, call: ScanCall & { readonly deadlineMs: number }): AsyncIterable<Uint8Array>;
}

export interface PeerScansModules {
  /** The queriers, without this one, that take work. */
  readonly peers: () => readonly PeerQuerier[];
  /** How many jobs each is given at once. */
  readonly jobsOfPeer: number;
  /** How long a job may take there. */
  readonly patienceMs: number;
  readonly events: PeerEvents;
  readonly now?: () => number;
}

/** A result is kept whole until it has come: a larger one is scanned here, where it is bounded by the query's memory. */
const mostResultBytes = 128 * 2 ** 20;
/** A job is offered to so many peers before this process does it. */
const offers = 2;
/** A peer that failed is left in peace for so long. */
const restMs = 5000;

/** Gives jobs to the peers that have least to do, in turn where that is several, and to another where one fails. */
export class PeerScans implements ScanPeers {
  readonly #modules: PeerScansModules;
  readonly #now: () => number;
  readonly #given = new Map<string, number>();
  readonly #restsUntil = new Map<string, number>();
  /** When each was asked last, counted in jobs. */
  readonly #asked = new WeakMap<PeerQuerier, number>();
  #jobs = 0;

  constructor(modules: PeerScansModules) {
    this.#modules = modules;
    this.#now = modules.now ?? Date.now;
  }

  get slots(): number {
    return this.#rested().length * this.#modules.jobsOfPeer;
  }

  async run(job: SharedJob, tenants: readonly string[], signal: AbortSignal): Promise<SharedResult | undefined> {
    const bytes = encodeJob(job);
    const read = (result: Uint8Array): SharedResult =>
      decodeResult(result, job.task.kind === "lines" ? 0 : job.task.windows.count);
    const asked = new Set<string>();
    while (asked.size < offers && !signal.aborted) {
      const peer = this.#idlest(asked);
      if (peer === undefined) return undefined;
      asked.add(peer.address);
      this.#asked.set(peer, ++this.#jobs);
      const result = await this.#ask(
        peer,
        async (deadlineMs) => read(await collected(peer.scan(bytes, { tenants, signal, deadlineMs }))),
        signal,
      );
      if (result !== undefined) return result;
    }
    return undefined;
  }

  #rested(): PeerQuerier[] {
    const now = this.#now();
    return this.#modules.peers().filter(({ address }) => (this.#restsUntil.get(address) ?? 0) <= now);
  }

  #idlest(asked: ReadonlySet<string>): PeerQuerier | undefined {
    const load = ({ address }: PeerQuerier): number => this.#given.get(address) ?? 0;
    const free = this.#rested().filter((peer) => load(peer) < this.#modules.jobsOfPeer && !asked.has(peer.address));
    const turn = (peer: PeerQuerier): number => this.#asked.get(peer) ?? 0;
    return free.sort((a, b) => load(a) - load(b) || turn(a) - turn(b))[0];
  }

  /** What a peer answers, undefined where it does not. */
  async #ask<T>(
    peer: PeerQuerier,
    answer: (deadlineMs: number) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    const { events, patienceMs } = this.#modules;
    const { address } = peer;
    this.#count(address, 1);
    try {
      const result = await answer(patienceMs);
      events.job(address, "done");
      return result;
    } catch (error) {
      if (signal.aborted) return undefined;
      const { code, message } = RatatoskError.from(error);
      this.#restsUntil.set(address, this.#now() + restMs);
      events.job(address, code === "timeout" ? "slow" : "failed", message);
      return undefined;
    } finally {
      this.#count(address, -1);
    }
  }

  #count(address: string, change: number): void {
    const given = (this.#given.get(address) ?? 0) + change;
    if (given > 0) this.#given.set(address, given);
    else this.#given.delete(address);
  }
}

async function collected(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  let size = 0;
  for await (const part of parts) {
    size += part.length;
    if (size > mostResultBytes) throw new RatatoskError("too_large", "the result of a job is too large");
    all.push(part);
  }
  return Buffer.concat(all, size);
}
