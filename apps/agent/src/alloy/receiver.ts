import { Capsule } from "@ratatosk/alloy-syntax";
import type { Entry } from "../entry.ts";
import { startOf, type Lines, type Outlet } from "../lines.ts";
import type { RelabelRule } from "../relabel.ts";
import { capsuleOf, listOf } from "./decode.ts";

/** What `receiver` exports hold: stays the same while what stands behind it changes. */
export class Receiver implements Outlet {
  #goal: Outlet | undefined;
  readonly capsule = new Capsule("LogsReceiver", this);

  /** Where entries go from now on. */
  set goal(goal: Outlet) {
    this.#goal = goal;
  }

  lines(lines: Lines): void {
    this.#goal?.lines(lines);
  }

  entry(entry: Entry): void {
    this.#goal?.entry(entry);
  }

  ready(): Promise<void> | undefined {
    return this.#goal?.ready();
  }
}

const isReceiver = (content: unknown): content is Receiver => content instanceof Receiver;

/** `forward_to`: a list of receivers; an empty one discards. */
export const receivers = listOf(capsuleOf("LogsReceiver", isReceiver));

/** Rules that one component lends to another. */
export class Rules {
  readonly rules: readonly RelabelRule[];

  constructor(rules: readonly RelabelRule[]) {
    this.rules = rules;
  }
}

export const rulesOf = capsuleOf("RelabelRules", (content): content is Rules => content instanceof Rules);

/** Gives entries to every receiver, to each a copy of its own: what one changes the others do not see. */
export class Forward implements Outlet {
  readonly #receivers: readonly Outlet[];

  constructor(receivers: readonly Outlet[]) {
    this.#receivers = receivers;
  }

  lines(lines: Lines): void {
    const { origin } = lines;
    const [first, ...others] = this.#receivers;
    first?.lines(lines);
    for (const receiver of others) {
      if (lines.count > 0) origin.read = startOf(lines, 0);
      receiver.lines(lines);
    }
  }

  entry(entry: Entry): void {
    for (const receiver of this.#receivers) receiver.entry(entry.copy());
  }

  ready(): Promise<void> | undefined {
    const waits = this.#receivers.flatMap((receiver) => receiver.ready() ?? []);
    return waits.length > 0 ? Promise.all(waits).then(() => undefined) : undefined;
  }
}
