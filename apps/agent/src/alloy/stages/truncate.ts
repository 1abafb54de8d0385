import { type Entry, textOf } from "../../entry.ts";
import type { StageConfig } from "../../stages/build-stages.ts";
import { everyEntry } from "../../stages/stage.ts";
import { listOf, oneOf, size, text } from "../decode.ts";
import { blocks, optional, required, schema } from "../schema.ts";
import { stageKind } from "./stage-kind.ts";

interface Rule {
  readonly limit: number;
  readonly suffix: string;
  readonly source_type: "line" | "label" | "structured_metadata" | "extracted";
  readonly sources: readonly string[];
}

const ruleSchema = schema({
  attributes: {
    limit: required(size),
    suffix: optional(text, ""),
    source_type: optional(oneOf("line", "label", "structured_metadata", "extracted"), "line"),
    sources: optional(listOf(text), []),
  },
  check: ({ limit, suffix }) => {
    if (limit <= 0) throw new Error("stage.truncate needs a limit above zero");
    if (Buffer.byteLength(suffix) >= limit)
      throw new Error("the suffix of stage.truncate must be shorter than its limit");
  },
});

/** At most `limit` bytes with the suffix, cut between characters; undefined where the suffix still fits behind it. */
function truncated(value: Buffer, { limit, suffix }: Rule): Buffer | undefined {
  let end = limit - Buffer.byteLength(suffix);
  if (value.length <= end) return undefined;
  while (end > 0 && (value[end]! & 0xc0) === 0x80) end--;
  return Buffer.concat([value.subarray(0, end), Buffer.from(suffix)]);
}

const shorter = (value: string, rule: Rule): string | undefined => truncated(Buffer.from(value), rule)?.toString();

function build({ rule: rules }: { readonly rule: readonly Rule[] }): StageConfig["build"] {
  if (rules.length === 0) throw new Error("stage.truncate requires at least one rule");
  return ({ events }) =>
    everyEntry((entry) => {
      const cut = new Set<string>();
      for (const rule of rules) {
        const count = cutters[rule.source_type](rule, entry);
        if (count > 0) cut.add(rule.source_type);
        if (count > 0) events.truncated(rule.source_type, count);
      }
      if (cut.size > 0) entry.extracted.set("truncated", [...cut].sort().join(","));
    });
}

/** Cut what is too long; they return how many values were. */
const cutters: Record<Rule["source_type"], (rule: Rule, entry: Entry) => number> = {
  line(rule, entry) {
    const line = truncated(entry.bytes, rule);
    if (line) entry.bytes = line;
    return line ? 1 : 0;
  },
  label: (rule, entry) => cutMap(rule, entry.labels, (value) => value),
  extracted: (rule, entry) => cutMap(rule, entry.extracted, textOf),
  structured_metadata(rule, entry) {
    const metadata = new Map(entry.metadata);
    const count = cutMap(rule, metadata, (value) => value);
    if (count > 0) entry.metadata = [...metadata];
    return count;
  },
};

function cutMap<V>(
  rule: Rule,
  values: Map<string, V | string>,
  read: (value: V | string) => string | undefined,
): number {
  let count = 0;
  for (const [name, value] of values) {
    if (rule.sources.length > 0 && !rule.sources.includes(name)) continue;
    const cut = shorter(read(value) ?? "", rule);
    if (cut === undefined) continue;
    values.set(name, cut);
    count++;
  }
  return count;
}

export const truncateOf = stageKind(schema({ blocks: { rule: blocks(ruleSchema) } }), build);
