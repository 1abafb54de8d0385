import { setTimeout as sleep } from "node:timers/promises";
import { RatatoskError } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";

/** No tenant can be called so. */
export const leaseKey = "@compactor/lease.json";

export interface LeaseOptions {
  readonly objects: ObjectStore;
  /** Names this compactor among all that run. */
  readonly owner: string;
  readonly durationMs: number;
  readonly now: () => number;
}

interface Held {
  readonly owner: string;
  readonly expiresMs: number;
}

/** Two that write at once see it within this share of the duration: 200 ms of 2 minutes. */
const contention = 1 / 600;

/**
 * Says which of several compactors works: an object with an owner and an expiry, renewed while it is held. It only saves
 * double work; that two hold it for a moment harms nobody.
 */
export class Lease {
  readonly #options: LeaseOptions;
  #expiresMs = 0;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  get isHeld(): boolean {
    return this.#options.now() < this.#expiresMs;
  }

  /** Takes or renews it; false where another has it. */
  async acquire(): Promise<boolean> {
    const { owner, durationMs, now } = this.#options;
    const found = await this.#read();
    if (found !== undefined && found.owner !== owner && found.expiresMs > now()) {
      this.#expiresMs = 0;
      return false;
    }
    const wasHeld = this.isHeld;
    const expiresMs = await this.#write();
    if (!wasHeld) {
      await sleep(durationMs * contention);
      if ((await this.#read())?.owner !== owner) return false;
    }
    this.#expiresMs = expiresMs;
    return true;
  }

  /** Lets the next one have it at once. */
  async release(): Promise<void> {
    if (!this.isHeld) return;
    this.#expiresMs = 0;
    if ((await this.#read())?.owner === this.#options.owner) await this.#options.objects.delete([leaseKey]);
  }

  async #write(): Promise<number> {
    const { objects, owner, durationMs, now } = this.#options;
    const expiresMs = now() + durationMs;
    const held: Held = { owner, expiresMs };
    await objects.put(leaseKey, Buffer.from(JSON.stringify(held)));
    return expiresMs;
  }

  /** Undefined where nobody has it, or what is there says nothing. */
  async #read(): Promise<Held | undefined> {
    try {
      const held = JSON.parse(Buffer.from(await this.#options.objects.get(leaseKey)).toString()) as Partial<Held>;
      return typeof held.owner === "string" && typeof held.expiresMs === "number" ? (held as Held) : undefined;
    } catch (error) {
      if (error instanceof SyntaxError || RatatoskError.from(error).code === "not_found") return undefined;
      throw error;
    }
  }
}
