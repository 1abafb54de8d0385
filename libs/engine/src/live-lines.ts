import { sortBlock } from "@ratatosk/chunk";
import type { LogExpr } from "@ratatosk/logql";
import type { Block, Labels, ResultStream } from "@ratatosk/model";
import { type BlockView, Pipeline, Row, type RowSelection, SeriesTable, viewOf } from "@ratatosk/pipeline";
import { groupStreams } from "./group-streams.ts";
import { Breather } from "./range/breather.ts";
import { LineBuffer } from "./scan/line-buffer.ts";

/** A log query over entries that come in one block at a time. */
export class LiveLines {
  readonly #pipeline: Pipeline;
  readonly #categorized: boolean;

  /** Throws bad_request where a stage cannot be compiled. */
  constructor({ stages }: LogExpr, categorized: boolean) {
    this.#pipeline = new Pipeline(stages, { lineUse: "lines" });
    this.#categorized = categorized;
  }

  /** The entries of one stream's block that pass, ascending by time, in streams of equal labels. Throws once cancelled. */
  async of(labels: Labels, block: Block, signal: AbortSignal): Promise<ResultStream[]> {
    const view = viewOf(sortBlock(block));
    const selection: RowSelection = {
      rows: Uint32Array.from({ length: view.count }, (_, row) => row),
      count: view.count,
    };
    this.#pipeline.filter(view, selection);
    const table = new SeriesTable({ grouping: undefined });
    const lines = await this.#run(labels, view, selection, table, new Breather(signal));
    const result = { ...lines.finish(), table: { at: (id: number) => table.series[id]! } };
    const collected = Array.from(result.times, (time, row) => ({ time, stream: "", result, row }));
    return groupStreams(collected, this.#categorized);
  }

  async #run(
    labels: Labels,
    view: BlockView,
    { rows, count }: RowSelection,
    table: SeriesTable,
    breather: Breather,
  ): Promise<LineBuffer> {
    const row = new Row();
    const out = new LineBuffer();
    row.openStream(labels);
    table.openBlock(view);
    for (let i = 0; i < count; i++) {
      row.open(view, rows[i]!);
      if (this.#pipeline.run(row)) out.add(row, table.of(row, rows[i]!));
      if (breather.isDue) await breather.rest();
    }
    return out;
  }
}
