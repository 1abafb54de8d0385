import { RatatoskError } from "@ratatosk/model";
import type { IngesterState } from "@ratatosk/proto";
import type { IngesterMember } from "./ingesters.ts";
import type { IngesterConnection } from "./membership.ts";

/** What the ring's page tells of a member. */
export interface MemberView {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly state: IngesterState | "UNHEALTHY";
}

type ChangeListener = (event: { address: string; serving: boolean; reason?: string }) => void;

/** An address at which an ingester is or was, and what it said last. */
export class Member implements IngesterMember {
  readonly address: string;
  readonly api: IngesterConnection;
  /** Whether the list or the name still stands for it. */
  isListed = true;
  isReachable = false;
  #id = "";
  #name = "";
  #state: IngesterState = "JOINING";
  #silence = new AbortController();

  constructor(address: string, api: IngesterConnection) {
    this.address = address;
    this.api = api;
  }

  /** The id of its log; its address until it has told. */
  get id(): string {
    return this.#id || this.address;
  }

  get wasMet(): boolean {
    return this.#id !== "";
  }

  get silent(): AbortSignal {
    return this.#silence.signal;
  }

  get isActive(): boolean {
    return this.isReachable && this.#state === "ACTIVE";
  }

  /** Whether it answers for all that it has. */
  get isComplete(): boolean {
    return this.isReachable && this.#state !== "JOINING";
  }

  /** Whether it has nothing any more that is not in the store. */
  get hasLeft(): boolean {
    return this.#state === "LEFT";
  }

  view(): MemberView {
    const { id, address } = this;
    return { id, name: this.#name || address, address, state: this.isReachable ? this.#state : "UNHEALTHY" };
  }

  /** Asks what it does. */
  async ask(onChange: ChangeListener | undefined): Promise<void> {
    const before = this.isActive;
    let reason: string | undefined;
    try {
      const { id, name, state } = await this.api.status();
      [this.#id, this.#name, this.#state, this.isReachable] = [id || this.#id, name, state, true];
      reason = `it is ${state}`;
      if (this.silent.aborted) this.#silence = new AbortController();
    } catch (error) {
      this.isReachable = false;
      reason = (error as Error).message;
      this.#silence.abort(new RatatoskError("unavailable", `ingester ${this.id} does not answer: ${reason}`));
    }
    if (this.isActive === before) return;
    const { address } = this;
    onChange?.(this.isActive ? { address, serving: true } : { address, serving: false, reason });
  }
}
