import type { ComponentKind } from "../component.ts";
import { boolean, duration, mapOf, text } from "../decode.ts";
import { receivers, rulesOf } from "../receiver.ts";
import { block, idle, maybe, optional, required, type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";
import { SimpleSource } from "./simple-source.ts";

const journalSchema = schema({
  attributes: {
    forward_to: required(receivers),
    relabel_rules: maybe(rulesOf),
    format_as_json: optional(boolean, false),
    max_age: optional(duration, 7 * 3_600_000),
    path: optional(text, ""),
    matches: optional(text, ""),
    labels: optional(mapOf(text), new Map<string, string>()),
  },
  blocks: {
    legacy_position: idle(block(schema({ attributes: { file: required(text), name: required(text) } }))),
  },
});
type Args = typeof journalSchema extends Schema<infer T> ? T : never;

/** `loki.source.journal`: the journal of systemd. */
export const lokiSourceJournal: ComponentKind<Shared, Args> = {
  name: "loki.source.journal",
  role: "source",
  schema: journalSchema,
  create: (context) =>
    new SimpleSource(context, "loki_source_", async (args, parts) => {
      const { JournalSource } = await import("../../sources/journal-source.ts");
      const { format_as_json: json, max_age: maxAgeMs, path, matches } = args;
      const labels = new Map([["job", context.id], ...args.labels]);
      return [new JournalSource({ json, maxAgeMs, labels, path, matches }, parts)];
    }),
};
