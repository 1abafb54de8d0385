import { textOf, type Entry } from "../entry.ts";
import { everyEntry } from "./stage.ts";
import type { StageConfig } from "./build-stages.ts";

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Name → source pairs; an empty source is the name itself. Throws on a name that is no label's. */
function sourcesOf(mapping: ReadonlyMap<string, string>): [name: string, source: string][] {
  return [...mapping].map(([name, source]) => {
    if (!labelName.test(name)) throw new Error(`invalid label name: ${name}`);
    return [name, source === "" ? name : source];
  });
}

/** `labels`: labels from extracted values. */
export function labelsStage(mapping: ReadonlyMap<string, string>): StageConfig["build"] {
  const sources = sourcesOf(mapping);
  return () =>
    everyEntry((entry) => {
      for (const [name, source] of sources) {
        const value = textOf(entry.extracted.get(source));
        if (value !== undefined && value.isWellFormed() && !value.includes("\ufffd")) entry.labels.set(name, value);
      }
    });
}

/** `static_labels`: labels that are always the same. */
export function staticLabelsStage(labels: ReadonlyMap<string, string>): StageConfig["build"] {
  const given = [...labels].filter(([, value]) => value !== "");
  return () =>
    everyEntry((entry) => {
      for (const [name, value] of given) entry.labels.set(name, value);
    });
}

/** `labeldrop`: deletes labels. */
export function labelDropStage(names: readonly string[]): StageConfig["build"] {
  if (names.length === 0) throw new Error("labeldrop stage config cannot be empty: it needs labels");
  return () =>
    everyEntry((entry) => {
      for (const name of names) entry.labels.delete(name);
    });
}

/** `labelallow`: keeps these labels and no others. */
export function labelAllowStage(names: readonly string[]): StageConfig["build"] {
  if (names.length === 0) throw new Error("labelallow stage config cannot be empty: it needs labels");
  const allowed = new Set(names);
  return () =>
    everyEntry((entry) => {
      for (const name of entry.labels.keys()) if (!allowed.has(name)) entry.labels.delete(name);
    });
}

/** `structured_metadata`: metadata from extracted values; a label of that name and value is removed. */
export function structuredMetadataStage(mapping: ReadonlyMap<string, string>): StageConfig["build"] {
  const sources = sourcesOf(mapping);
  return () =>
    everyEntry((entry) => {
      for (const [name, source] of sources) addMetadata(entry, name, source);
    });
}

function addMetadata(entry: Entry, name: string, source: string): void {
  const value = entry.extracted.has(source) ? textOf(entry.extracted.get(source)) : entry.labels.get(source);
  if (value === undefined) return;
  entry.metadata = [...entry.metadata.filter(([known]) => known !== name), [name, value]];
  if (entry.labels.get(source) === value) entry.labels.delete(source);
}

export interface TenantOptions {
  readonly label?: string;
  readonly source?: string;
  readonly value?: string;
}

/** `tenant`: sends the entry to a tenant. */
export function tenantStage({ label = "", source = "", value = "" }: TenantOptions): StageConfig["build"] {
  const given = [label, source, value].filter((one) => one !== "");
  if (given.length === 0) throw new Error("label, source or value config are required");
  if (given.length > 1)
    throw new Error(
      "label, source and value are mutually exclusive: you should set source, value or label but not all",
    );
  return () =>
    everyEntry((entry) => {
      const tenant = value || (label ? entry.labels.get(label) : textOf(entry.extracted.get(source)));
      if (tenant !== undefined) entry.labels.set("__tenant_id__", tenant);
    });
}

/** `output`: the line from an extracted value. */
export function outputStage(source: string): StageConfig["build"] {
  if (source === "") throw new Error("output source value is required if output is specified");
  return () =>
    everyEntry((entry) => {
      const value = textOf(entry.extracted.get(source));
      if (value !== undefined) entry.text = value;
    });
}
