import { type LineFilter, printStage, type Stage as StageExpr } from "@ratatosk/logql";
import { type Columns, RatatoskError } from "@ratatosk/model";
import { type BlockFilter, blockFilter, type RowSelection } from "./block-filter.ts";
import type { BlockView } from "./block-view.ts";
import { isNegative, lineMatches } from "./line-match.ts";
import { labelsOfFilter } from "./required-labels.ts";
import type { Row } from "./row.ts";
import { decolorizeStage } from "./stages/decolorize.ts";
import { dropStage } from "./stages/drop.ts";
import { jsonPathsStage } from "./stages/json-paths.ts";
import { jsonStage } from "./stages/json.ts";
import { keepStage } from "./stages/keep.ts";
import { labelFilterStage } from "./stages/label-filter.ts";
import { labelFormatStage } from "./stages/label-format.ts";
import { lineFilterStage } from "./stages/line-filter.ts";
import { lineFormatStage } from "./stages/line-format.ts";
import { logfmtStage } from "./stages/logfmt.ts";
import { patternStage } from "./stages/pattern.ts";
import { regexpStage } from "./stages/regexp.ts";
import { everyLabel, type ParserHints, type Stage } from "./stages/stage.ts";
import { unpackStage } from "./stages/unpack.ts";

/** What is done with the lines that come out of a pipeline. */
export type LineUse = "lines" | "lengths" | "none";

export interface PipelineOptions {
  /** Which labels the query needs; all by default. */
  readonly hints?: ParserHints;
  readonly lineUse: LineUse;
  /** Reads all structured metadata, also what the query does not need. */
  readonly allMetadata?: boolean;
}

/** The stages of a query, compiled: filters over whole blocks, then stages row by row. */
export class Pipeline {
  /** The columns that the stages and the query read. */
  readonly columns: Columns & { readonly lengths?: boolean };
  /** Texts of which a line must contain at least one of each group to pass: a block without them need not be read. */
  readonly needles: readonly (readonly Uint8Array[])[];
  readonly #filters: readonly BlockFilter[];
  readonly #stages: readonly Stage[];

  constructor(stages: readonly StageExpr[], { hints = everyLabel, lineUse, allMetadata = false }: PipelineOptions) {
    const { filters, rest } = hoistLineFilters(stages);
    this.#filters = filters.map(blockFilter);
    // Templates of stages that are left out are compiled too: they may be wrong.
    const early = hints.early ?? earlyFilters(stages);
    const compiled = rest.map((stage) => compileStage(stage, { ...hints, early }));
    const last = lineUse === "none" ? rest.findLastIndex(readsLine) : rest.length;
    this.#stages = compiled.filter((_, i) => rest[i]!.kind !== "line-format" || i < last);
    this.needles = filters.flatMap(requiredTexts);
    const usesLine = lineUse === "lines" || filters.length > 0 || stages.some((stage) => readsLine(stage));
    this.columns = {
      lines: usesLine,
      metadata: allMetadata || hints.wanted === undefined ? "all" : [...hints.wanted],
      ...(lineUse === "lengths" && { lengths: true }),
    };
  }

  /** True where no stage can drop or change anything. */
  get isEmpty(): boolean {
    return this.#filters.length === 0 && this.#stages.length === 0;
  }

  /** True where a row that passed the filters over whole blocks is dropped and changed by nothing else. */
  get endsWithFilters(): boolean {
    return this.#stages.length === 0;
  }

  /** Narrows the selection by the filters that run over whole blocks. */
  filter(view: BlockView, selection: RowSelection): void {
    for (const filter of this.#filters) {
      if (selection.count === 0) return;
      filter(view, selection);
    }
  }

  /** Sends a row through the other stages; false where it is dropped. */
  run(row: Row): boolean {
    for (const stage of this.#stages) if (!stage(row)) return false;
    return true;
  }
}

/** Line filters in front of the first stage that rewrites the line: they depend on nothing else. */
function hoistLineFilters(stages: readonly StageExpr[]): { filters: LineFilter[]; rest: StageExpr[] } {
  // Like Loki, a filter after `decolorize` still sees the coloured line.
  const barrier = stages.findIndex(({ kind }) => kind === "line-format" || kind === "unpack");
  const filters: LineFilter[] = [];
  const rest: StageExpr[] = [];
  for (const [i, stage] of stages.entries()) {
    if (stage.kind === "line-filter" && (barrier === -1 || i < barrier)) filters.push(stage);
    else rest.push(stage);
  }
  return { filters, rest };
}

/** The first filter stage on each label that stands alone. */
function earlyFilters(stages: readonly StageExpr[]): Map<string, Stage> {
  const filters = new Map<string, Stage>();
  for (const stage of stages) {
    if (stage.kind !== "label-filter" || stage.filter.kind === "and" || stage.filter.kind === "or") continue;
    const [name = ""] = labelsOfFilter(stage.filter);
    if (!filters.has(name)) filters.set(name, labelFilterStage(stage.filter));
  }
  return filters;
}

function requiredTexts(filter: LineFilter): Uint8Array[][] {
  if (isNegative(filter.op)) return [];
  const texts = lineMatches(filter).map(({ required }) => required);
  return texts.every((required) => required !== undefined) ? [texts.flat()] : [];
}

function readsLine({ kind }: StageExpr): boolean {
  return kind !== "label-filter" && kind !== "drop" && kind !== "keep" && kind !== "line-format";
}

function compileStage(stage: StageExpr, hints: ParserHints): Stage {
  try {
    return makeStage(stage, hints);
  } catch (error) {
    if (!(error instanceof RatatoskError)) throw error;
    throw new RatatoskError(error.code, `parse error : stage '${printStage(stage)}' : ${error.message}`);
  }
}

function makeStage(stage: StageExpr, hints: ParserHints): Stage {
  switch (stage.kind) {
    case "line-filter":
      return lineFilterStage(stage);
    case "json":
      return stage.extractions.length === 0 ? jsonStage(hints) : jsonPathsStage(stage.extractions, hints);
    case "logfmt":
      return logfmtStage(stage, hints);
    case "regexp":
      return regexpStage(stage.pattern, hints);
    case "pattern":
      return patternStage(stage.pattern, hints);
    case "unpack":
      return unpackStage(hints);
    case "label-filter":
      return labelFilterStage(stage.filter);
    case "line-format":
      return lineFormatStage(stage);
    case "label-format":
      return labelFormatStage(stage);
    case "decolorize":
      return decolorizeStage();
    case "drop":
      return dropStage(stage);
    case "keep":
      return keepStage(stage);
  }
}
