import { Capsule } from "@ratatosk/alloy-syntax";
import { Entry } from "../../entry.ts";
import { endOf, startOf, type Lines, type Outlet } from "../../lines.ts";
import { relabel, type RelabelRule } from "../../relabel.ts";
import { addNanos } from "../../time/instant.ts";
import type { ComponentKind } from "../component.ts";
import { integer } from "../decode.ts";
import { Forward, Receiver, receivers, Rules } from "../receiver.ts";
import { idle, optional, required, type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";
import { ruleBlocks, rulesFrom } from "./rule-block.ts";

const relabelSchema = schema({
  attributes: { forward_to: required(receivers), max_cache_size: idle(optional(integer, 10_000)) },
  blocks: ruleBlocks,
});
type Args = typeof relabelSchema extends Schema<infer T> ? T : never;

/** Relabels entries; one that is left without any label is dropped. */
class Relabeller implements Outlet {
  readonly #rules: readonly RelabelRule[];
  readonly #next: Outlet;

  constructor(rules: readonly RelabelRule[], next: Outlet) {
    this.#rules = rules;
    this.#next = next;
  }

  lines(lines: Lines): void {
    const { origin, bytes, starts, ends, count, time } = lines;
    const labels = relabel(new Map(lines.labels), this.#rules);
    if (labels === undefined || labels.size === 0) return;
    for (let i = 0; i < count; i++) {
      const line = Buffer.from(bytes.subarray(starts[i], ends[i]));
      const start = startOf(lines, i);
      origin.read = start;
      this.#next.entry(new Entry(origin, start, endOf(lines, i), new Map(labels), line, addNanos(time, i)));
    }
    if (count > 0) origin.read = endOf(lines, count - 1);
  }

  entry(entry: Entry): void {
    const labels = relabel(new Map(entry.labels), this.#rules);
    if (labels === undefined || labels.size === 0) return;
    entry.labels = labels;
    this.#next.entry(entry);
  }

  ready(): Promise<void> | undefined {
    return this.#next.ready();
  }
}

/** `loki.relabel`: other labels for entries, and the rules for sources to use. */
export const lokiRelabel: ComponentKind<Shared, Args> = {
  name: "loki.relabel",
  role: "processor",
  schema: relabelSchema,
  create: ({ publish }) => {
    const receiver = new Receiver();
    publish(
      new Map([
        ["receiver", receiver.capsule],
        ["rules", new Capsule("RelabelRules", new Rules([]))],
      ]),
    );
    return {
      update(args) {
        const rules = rulesFrom(args.rule);
        receiver.goal = new Relabeller(rules, new Forward(args.forward_to));
        publish(
          new Map([
            ["receiver", receiver.capsule],
            ["rules", new Capsule("RelabelRules", new Rules(rules))],
          ]),
        );
      },
    };
  },
};
