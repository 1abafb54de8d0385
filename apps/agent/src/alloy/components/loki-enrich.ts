import type { Entry } from "../../entry.ts";
import type { ComponentKind } from "../component.ts";
import { listOf, text } from "../decode.ts";
import { EachEntry } from "../each-entry.ts";
import { Forward, Receiver, receivers } from "../receiver.ts";
import { optional, required, type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";
import { targets, type Target } from "./local-file-match.ts";

const enrichSchema = schema({
  attributes: {
    forward_to: required(receivers),
    targets: required(targets),
    target_match_label: required(text),
    logs_match_label: optional(text, ""),
    labels_to_copy: optional(listOf(text), []),
  },
});
type Args = typeof enrichSchema extends Schema<infer T> ? T : never;

/** Adds the labels of the target that has the same value of a label; without one the entry stays as it is. */
function enricher(args: Args): (entry: Entry) => boolean {
  const { target_match_label: targetLabel, labels_to_copy: wanted } = args;
  const logsLabel = args.logs_match_label || targetLabel;
  const known = new Map<string, Target>();
  for (const target of args.targets) {
    const value = target.get(targetLabel);
    if (value !== undefined && value !== "") known.set(value, target);
  }
  return ({ labels }) => {
    const target = known.get(labels.get(logsLabel) ?? "");
    if (target === undefined) return true;
    for (const [name, value] of target) if (wanted.length === 0 || wanted.includes(name)) labels.set(name, value);
    return true;
  };
}

/** `loki.enrich`: labels of discovered targets for entries that name them. */
export const lokiEnrich: ComponentKind<Shared, Args> = {
  name: "loki.enrich",
  role: "processor",
  schema: enrichSchema,
  create: ({ id, publish }) => {
    const receiver = new Receiver(id);
    publish(new Map([["receiver", receiver.capsule]]));
    return {
      update(args) {
        receiver.goal = new EachEntry(enricher(args), new Forward(args.forward_to));
      },
    };
  },
};
