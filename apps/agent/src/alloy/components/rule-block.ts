import { relabelRule, type RelabelRule } from "../../relabel.ts";
import { integer, listOf, oneOf, text } from "../decode.ts";
import { blocks, maybe, optional, type Schema, schema } from "../schema.ts";

const ruleSchema = schema({
  attributes: {
    source_labels: optional(listOf(text), []),
    separator: optional(text, ";"),
    regex: optional(text, "(.*)"),
    modulus: optional(integer, 0),
    target_label: maybe(text),
    replacement: optional(text, "$1"),
    action: optional(
      oneOf(
        "replace",
        "keep",
        "drop",
        "keepequal",
        "dropequal",
        "hashmod",
        "labelmap",
        "labeldrop",
        "labelkeep",
        "lowercase",
        "uppercase",
      ),
      "replace",
    ),
  },
  check: (args) => void toRule(args),
});

type RuleArgs = {
  readonly source_labels: readonly string[];
  readonly separator: string;
  readonly regex: string;
  readonly modulus: number;
  readonly target_label: string | undefined;
  readonly replacement: string;
  readonly action: string;
};

const toRule = (args: RuleArgs): RelabelRule =>
  relabelRule({
    sourceLabels: args.source_labels,
    separator: args.separator,
    regex: args.regex,
    modulus: args.modulus,
    replacement: args.replacement,
    action: args.action,
    ...(args.target_label === undefined ? {} : { targetLabel: args.target_label }),
  });

/** `rule` blocks: relabelling as in Promtail. */
export const ruleBlocks = { rule: blocks(ruleSchema as Schema<RuleArgs>) };

export const rulesFrom = (args: readonly RuleArgs[]): RelabelRule[] => args.map(toRule);
