import type { Stage as StageExpr } from "@ratatosk/logql";
import type { Labels } from "@ratatosk/model";
import { asBuffer } from "./block-view.ts";
import { Pipeline } from "./pipeline.ts";
import { category, Row } from "./row.ts";

/** A parser stage applied to single lines. */
export class LineParser {
  readonly #pipeline: Pipeline;
  readonly #row = new Row();

  constructor(stage: StageExpr) {
    this.#pipeline = new Pipeline([stage], { lineUse: "lines" });
  }

  /** The labels that it finds in a line whose entry already has the labels `known`; undefined where it fails. */
  parse(known: Labels, line: Uint8Array): Labels | undefined {
    const row = this.#row;
    row.openStream(known);
    row.open(
      {
        count: 1,
        base: 0n,
        deltas: new Float64Array(1),
        bytes: asBuffer(line),
        offsets: Uint32Array.of(0, line.length + 1),
        metadata: [],
      },
      0,
    );
    this.#pipeline.run(row);
    if (row.error !== "") return undefined;
    const parsed = row.labels().filter((label) => label.category === category.parsed);
    return parsed.map(({ name, value }) => [name, value] as const);
  }
}
