import { type Entry, textOf } from "../../entry.ts";
import type { StageConfig } from "../../stages/build-stages.ts";
import { compileExpression } from "../../stages/expression.ts";
import { labelsStage } from "../../stages/labels.ts";
import { everyEntry } from "../../stages/stage.ts";
import { oneOf, text } from "../decode.ts";
import { optional, required, schema } from "../schema.ts";
import { mapping, names, type StageKind, stageKind } from "./stage-kind.ts";

/** Labels from structured metadata. */
function labelsFromMetadata(sources: ReadonlyMap<string, string>): StageConfig["build"] {
  return () =>
    everyEntry((entry) => {
      for (const [name, source] of sources) {
        const found = entry.metadata.find(([key]) => key === (source || name));
        if (found) entry.labels.set(name, found[1]);
      }
    });
}

/** Metadata from extracted values or labels; the label it came from is removed. */
function metadataStage(sources: ReadonlyMap<string, string>, pattern: string): StageConfig["build"] {
  const regex = pattern === "" ? undefined : compileExpression(pattern);
  return () =>
    everyEntry((entry) => {
      for (const [name, source] of sources) move(entry, name, source || name);
      if (regex) for (const name of entry.extracted.keys()) if (regex.test(name)) move(entry, name, name);
    });
}

function move(entry: Entry, name: string, source: string): void {
  const value = textOf(entry.extracted.get(source)) ?? entry.labels.get(source);
  if (value === undefined) return;
  entry.metadata = [...entry.metadata.filter(([known]) => known !== name), [name, value]];
  entry.labels.delete(source);
}

function dropMetadata(values: readonly string[]): StageConfig["build"] {
  const unwanted = new Set(values);
  return () =>
    everyEntry((entry) => {
      entry.metadata = entry.metadata.filter(([name]) => !unwanted.has(name));
    });
}

/** Stages that move values between labels, metadata and what was extracted. */
export const metadataStages: Readonly<Record<string, StageKind<never>>> = {
  "stage.labels": stageKind(
    schema({
      attributes: {
        values: required(mapping),
        source_type: optional(oneOf("extracted", "structured_metadata"), "extracted"),
      },
    }),
    (args) => (args.source_type === "extracted" ? labelsStage(args.values) : labelsFromMetadata(args.values)),
  ),
  "stage.structured_metadata": stageKind(
    schema({
      attributes: { values: optional(mapping, new Map<string, string>()), regex: optional(text, "") },
      check: ({ values, regex }) => {
        if (values.size === 0 && regex === "") throw new Error("stage.structured_metadata needs values or regex");
      },
    }),
    ({ values, regex }) => metadataStage(values, regex),
  ),
  "stage.structured_metadata_drop": stageKind(schema({ attributes: { values: required(names) } }), ({ values }) =>
    dropMetadata(values),
  ),
};
