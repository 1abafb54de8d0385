import { labelsTest } from "@ratatosk/label-index";
import { type LogExpr, parseLogQuery } from "@ratatosk/logql";
import type { Block, Extent, Labels } from "@ratatosk/model";
import { Pipeline, type RowSelection, Row, viewOf } from "@ratatosk/pipeline";
import type { DeleteRequest } from "./delete-request.ts";

/** Times of a block or chunk. */
export type Span = Pick<Extent, "minTime" | "maxTime">;

/** Counts what requests hide: the request, the lines, their bytes. */
export type HiddenCount = (request: DeleteRequest, lines: number, bytes: number) => void;

/** The lines that requests hide. */
export class HiddenLines {
  readonly #rules: readonly Rule[];

  constructor(requests: readonly DeleteRequest[]) {
    this.#rules = requests.map((request) => new Rule(request));
  }

  /** What is hidden of a stream; undefined for nothing. */
  of(labels: Labels): StreamHidden | undefined {
    const rules = this.#rules.filter((rule) => rule.selects(labels));
    return rules.length === 0 ? undefined : new StreamHidden(rules, labels);
  }
}

/** What is hidden of one stream. */
export class StreamHidden {
  readonly #rules: readonly Rule[];
  readonly #labels: Labels;

  constructor(rules: readonly Rule[], labels: Labels) {
    this.#rules = rules;
    this.#labels = labels;
  }

  /** Whether anything of these times may be hidden. */
  touches(span: Span): boolean {
    return this.#rules.some((rule) => span.maxTime >= rule.start && span.minTime <= rule.end);
  }

  /** The request that hides everything of these times, whatever it says. */
  coveredBy({ minTime, maxTime }: Span): DeleteRequest | undefined {
    return this.#rules.find((rule) => rule.hidesAll && rule.start <= minTime && maxTime <= rule.end)?.request;
  }

  /** The rows of a block that are not hidden; undefined where none is. */
  visible(block: Block, count?: HiddenCount): Uint32Array | undefined {
    const hidden = new Uint8Array(block.count);
    let total = 0;
    for (const rule of this.#rules) {
      const { lines, bytes } = rule.mark(block, this.#labels, hidden);
      if (lines > 0) count?.(rule.request, lines, bytes);
      total += lines;
    }
    if (total === 0) return undefined;
    const rows = new Uint32Array(block.count - total);
    for (let row = 0, at = 0; row < block.count; row++) if (hidden[row] === 0) rows[at++] = row;
    return rows;
  }
}

/** A request, ready to be asked. */
class Rule {
  readonly request: DeleteRequest;
  /** Unix nanoseconds, both inclusive. */
  readonly start: bigint;
  readonly end: bigint;
  readonly selects: (labels: Labels) => boolean;
  readonly #expr: LogExpr;
  #pipeline: Pipeline | undefined;

  constructor(request: DeleteRequest) {
    this.request = request;
    this.start = nanos(request.startMs);
    this.end = nanos(request.endMs);
    this.#expr = parseLogQuery(request.query, { allowAll: true });
    this.selects = labelsTest(this.#expr.matchers);
  }

  get hidesAll(): boolean {
    return this.#expr.stages.length === 0;
  }

  /** Marks the rows that it hides and are not marked yet. */
  mark(block: Block, labels: Labels, hidden: Uint8Array): { lines: number; bytes: number } {
    const pipeline = (this.#pipeline ??= new Pipeline(this.#expr.stages, { lineUse: "lines" }));
    const view = viewOf(block);
    const selection = rowsWithin(block, this.start, this.end);
    pipeline.filter(view, selection);
    const row = new Row();
    row.openStream(labels);
    let [lines, bytes] = [0, 0];
    for (let i = 0; i < selection.count; i++) {
      const at = selection.rows[i]!;
      if (hidden[at] === 1) continue;
      row.open(view, at);
      if (!pipeline.run(row)) continue;
      hidden[at] = 1;
      lines++;
      bytes += block.offsets[at + 1]! - block.offsets[at]! - 1;
    }
    return { lines, bytes };
  }
}

const nanos = (ms: number): bigint => BigInt(Math.trunc(ms)) * 1_000_000n;

function rowsWithin({ base, deltas, count }: Block, start: bigint, end: bigint): RowSelection {
  const [low, high] = [Number(start - base), Number(end - base)];
  const rows = new Uint32Array(count);
  let kept = 0;
  for (let row = 0; row < count; row++) if (deltas[row]! >= low && deltas[row]! <= high) rows[kept++] = row;
  return { rows, count: kept };
}
