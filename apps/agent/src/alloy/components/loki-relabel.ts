import { Capsule } from "@ratatosk/alloy-syntax";
import type { Entry } from "../../entry.ts";
import { relabel, type RelabelRule } from "../../relabel.ts";
import type { ComponentKind } from "../component.ts";
import { integer } from "../decode.ts";
import { EachEntry } from "../each-entry.ts";
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
const relabelling =
  (rules: readonly RelabelRule[]) =>
  (entry: Entry): boolean => {
    const labels = relabel(new Map(entry.labels), rules);
    if (labels === undefined || labels.size === 0) return false;
    entry.labels = labels;
    return true;
  };

/** `loki.relabel`: other labels for entries, and the rules for sources to use. */
export const lokiRelabel: ComponentKind<Shared, Args> = {
  name: "loki.relabel",
  role: "processor",
  schema: relabelSchema,
  create: ({ id, publish }) => {
    const receiver = new Receiver(id);
    publish(
      new Map([
        ["receiver", receiver.capsule],
        ["rules", new Capsule("RelabelRules", new Rules([]))],
      ]),
    );
    return {
      update(args) {
        const rules = rulesFrom(args.rule);
        receiver.goal = new EachEntry(relabelling(rules), new Forward(args.forward_to));
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
