import type { Grouping, LabelFilter, Stage, Unwrap } from "@ratatosk/logql";
import { templateFields } from "./template-fields.ts";
import { everyLabel, type ParserHints } from "./stages/stage.ts";
import { sampleReader } from "./stages/unwrap.ts";

/** What of a pipeline's labels a range aggregation reads. */
export interface LabelNeeds {
  /** The labels that make a series; undefined when every label does. */
  readonly grouping: Grouping | undefined;
  /** The series has no labels at all. */
  readonly noLabels: boolean;
  readonly unwrap: Unwrap | undefined;
}

/**
 * Which labels the parsers of a metric query have to extract. With every label in the result (no grouping, `without`)
 * all; otherwise those that filters, templates, the grouping and `unwrap` name; with none of these parsers do not run.
 */
export function parserHints(stages: readonly Stage[], { grouping, noLabels, unwrap }: LabelNeeds): ParserHints {
  const groups = grouping !== undefined && !grouping.without ? grouping.labels : [];
  if (!noLabels && (grouping === undefined || grouping.without)) return everyLabel;
  const wanted = new Set<string>(groups);
  for (const stage of stages) for (const name of labelsReadBy(stage)) wanted.add(name);
  const sample = unwrap && !wanted.has(unwrap.label) && stages.every(keepsSample) ? sampleOf(unwrap) : {};
  if (unwrap) {
    wanted.add(unwrap.label);
    for (const filter of unwrap.filters) for (const name of labelsOfFilter(filter)) wanted.add(name);
  }
  const renamed = [...wanted].filter((name) => name.endsWith("_extracted"));
  for (const name of renamed) wanted.add(name.slice(0, -"_extracted".length));
  const skip = noLabels && wanted.size === 0;
  // Grouping by names, the parsers stop by themselves and no filter is asked early.
  return noLabels ? { wanted, skip, ...sample } : { wanted, skip, early: new Map(), ...sample };
}

function sampleOf(unwrap: Unwrap): Pick<ParserHints, "sample"> {
  const read = sampleReader(unwrap);
  return read === undefined ? {} : { sample: { name: unwrap.label, read } };
}

/** Stages that touch neither the line nor a label that they do not read. */
function keepsSample({ kind }: Stage): boolean {
  return kind === "line-filter" || kind === "label-filter" || kind === "logfmt" || kind === "json";
}

function labelsReadBy(stage: Stage): Iterable<string> {
  switch (stage.kind) {
    case "label-filter":
      return labelsOfFilter(stage.filter);
    case "line-format":
      return templateFields(stage.template);
    case "label-format":
      return stage.formats.flatMap((format) =>
        format.kind === "rename" ? [format.from] : templateFields(format.template),
      );
    default:
      return [];
  }
}

/** The names that a label filter reads. */
export function labelsOfFilter(filter: LabelFilter): string[] {
  switch (filter.kind) {
    case "and":
    case "or":
      return [...labelsOfFilter(filter.left), ...labelsOfFilter(filter.right)];
    case "string":
      return [filter.matcher.name];
    default:
      return [filter.name];
  }
}
