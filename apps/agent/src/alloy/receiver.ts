import { Capsule } from "@ratatosk/alloy-syntax";
import type { Entry } from "../entry.ts";
import { startOf, type Lines, type Outlet } from "../lines.ts";
import type { RelabelRule } from "../relabel.ts";
import { capsuleOf, listOf } from "./decode.ts";

/** What `receiver` exports hold: stays the same while what stands behind it changes. */
export class Receiver implements Outlet {
  /** The component whose it is. */
  readonly id: string;
  readonly capsule = new Capsule("LogsReceiver", this);
  #goal: Outlet | undefined;

  constructor(id: string) {
    this.id = id;
  }

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

interface Way {
  readonly name: string;
  readonly receiver: Outlet;
}

/** Gives entries to every receiver, to each a copy of its own: what one changes or holds back the others do not see. */
export class Forward implements Outlet {
  readonly #receivers: readonly Outlet[];
  readonly #ways: readonly Way[];

  constructor(receivers: readonly Receiver[]) {
    this.#receivers = receivers;
    const ids = receivers.map(({ id }) => id);
    this.#ways = receivers.map((receiver, i) => {
      const isSecond = ids.indexOf(receiver.id) < i;
      return { receiver, name: isSecond ? `${receiver.id} ${i}` : receiver.id };
    });
  }

  /** A batch that one receiver closes must not take the origin past what the others have not got yet. */
  lines(lines: Lines): void {
    if (this.#ways.length < 2 || lines.count === 0) return this.#receivers[0]?.lines(lines);
    const { origin } = lines;
    const start = startOf(lines, 0);
    origin.keep(this, start);
    for (const way of this.#ways) {
      if (way === this.#ways.at(-1)) origin.keep(this, undefined);
      origin.read = start;
      way.receiver.lines({ ...lines, origin: origin.branchTo(way.name) });
    }
  }

  entry(entry: Entry): void {
    if (this.#ways.length < 2) return this.#receivers[0]?.entry(entry.copy());
    for (const { name, receiver } of this.#ways) receiver.entry(onBranch(entry, name));
  }

  ready(): Promise<void> | undefined {
    const waits = this.#receivers.flatMap((receiver) => receiver.ready() ?? []);
    return waits.length > 0 ? Promise.all(waits).then(() => undefined) : undefined;
  }
}

function onBranch(entry: Entry, name: string): Entry {
  const copy = entry.copy();
  copy.origin = entry.origin.branchTo(name);
  copy.also = entry.also.map((part) => ({ ...part, origin: part.origin.branchTo(name) }));
  copy.given &= copy.origin.past?.bitsFrom(copy.origin.branch) ?? 0;
  return copy;
}
