import { type AlloyValue, Capsule } from "@ratatosk/alloy-syntax";
import { relabel } from "../../relabel.ts";
import type { ComponentKind } from "../component.ts";
import { Rules } from "../receiver.ts";
import { required, type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";
import { targets } from "./local-file-match.ts";
import { ruleBlocks, rulesFrom } from "./rule-block.ts";

const relabelSchema = schema({ attributes: { targets: required(targets) }, blocks: ruleBlocks });
type Args = typeof relabelSchema extends Schema<infer T> ? T : never;

/** `discovery.relabel`: targets with other labels, and the rules for others to use. */
export const discoveryRelabel: ComponentKind<Shared, Args> = {
  name: "discovery.relabel",
  role: "processor",
  schema: relabelSchema,
  create: ({ publish }) => ({
    update(args) {
      const rules = rulesFrom(args.rule);
      const output = args.targets.flatMap((target) => relabel(new Map(target), rules) ?? []);
      publish(
        new Map<string, AlloyValue>([
          ["output", output],
          ["rules", new Capsule("RelabelRules", new Rules(rules))],
        ]),
      );
    },
  }),
};
