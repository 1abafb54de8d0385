import { RatatoskError } from "@ratatosk/model";
import type { CountResult, LinesResult, SampleError, SamplesResult, ScanResult, ScanStats } from "../scan/job.ts";
import { checkLabels, type PackedLabels } from "../scan/packed-labels.ts";
import { checkChanges, type SparseChanges } from "../scan/sparse-changes.ts";
import type { SharedResult } from "./shared-job.ts";

interface Head {
  readonly kind: ScanResult["kind"];
  readonly fetchSeconds: number;
  readonly stats: ScanStats;
  readonly names: readonly string[];
  readonly pieceEnds?: readonly number[];
  readonly error?: SampleError | undefined;
  /** How many numbers each column has. */
  readonly columns: readonly number[];
}

type Column = Uint8Array | Uint32Array | Float64Array | BigInt64Array;

const partBytes = 2 ** 20;

/**
 * The result of a shared job, little-endian, in parts of at most a MiB:
 *   ┌──────────────┬─────────────┬─────────────────────────────────────────┐
 *   │ length <u32> │ head <JSON> │ columns, as many and as long as it says │
 *   └──────────────┴─────────────┴─────────────────────────────────────────┘
 */
export function* encodeResult({ result, fetchSeconds }: SharedResult): Generator<Uint8Array> {
  const columns = columnsOf(result);
  const { kind, stats } = result;
  const { names } = result.table;
  const own = kind === "lines" ? { pieceEnds: result.pieceEnds } : { error: result.error };
  const head: Head = {
    kind,
    fetchSeconds,
    stats,
    names,
    ...own,
    columns: columns.map(({ length }) => length),
  };
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  yield* parts(Buffer.concat([length, json]));
  for (const { buffer, byteOffset, byteLength } of columns) yield* parts(Buffer.from(buffer, byteOffset, byteLength));
}

function* parts(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += partBytes) yield bytes.subarray(at, at + partBytes);
}

function columnsOf(result: ScanResult): Column[] {
  const { labelEnds, labels, valueEnds, text } = result.table;
  return [labelEnds, labels, valueEnds, text, ...ownColumns(result)];
}

function ownColumns(result: ScanResult): Column[] {
  switch (result.kind) {
    case "lines":
      return [result.times, result.series, result.offsets, result.lines];
    case "samples":
      return [result.times, result.values, result.series];
    case "count": {
      const counted = result.amounts === result.entries ? [result.entries] : [result.entries, result.amounts];
      return counted.flatMap(({ sizes, positions, changes }) => [sizes, positions, changes]);
    }
  }
}

/** The result of a job over so many windows. Throws corrupt where these bytes are none. */
export function decodeResult(bytes: Uint8Array, windows: number): SharedResult {
  try {
    const length = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(0);
    const head = JSON.parse(Buffer.from(bytes.subarray(4, 4 + length)).toString()) as Head;
    const columns = new ColumnReader(bytes.subarray(4 + length), head.columns);
    return { result: resultOf(head, columns, windows), fetchSeconds: head.fetchSeconds };
  } catch (error) {
    throw new RatatoskError("corrupt", "not the result of a job", { cause: error });
  }
}

function resultOf(head: Head, columns: ColumnReader, windows: number): ScanResult {
  const table = tableOf(head, columns);
  switch (head.kind) {
    case "lines":
      return linesOf(head, table, columns);
    case "samples":
      return samplesOf(head, table, columns);
    case "count":
      return countOf(head, table, columns, windows);
  }
}

function tableOf({ names }: Head, columns: ColumnReader): PackedLabels {
  const labelEnds = columns.next(Uint32Array);
  const labels = columns.next(Uint32Array);
  const valueEnds = columns.next(Uint32Array);
  const table = { names, labelEnds, labels, valueEnds, text: columns.next(Uint8Array) };
  checkLabels(table);
  return table;
}

function linesOf({ stats, pieceEnds = [] }: Head, table: PackedLabels, columns: ColumnReader): LinesResult {
  const times = columns.next(BigInt64Array);
  const series = columns.next(Uint32Array);
  const offsets = columns.next(Uint32Array);
  const lines = columns.next(Uint8Array);
  return { kind: "lines", times, series, offsets, lines, pieceEnds, table, stats };
}

function samplesOf({ stats, error }: Head, table: PackedLabels, columns: ColumnReader): SamplesResult {
  const times = columns.next(Float64Array);
  const values = columns.next(Float64Array);
  const series = columns.next(Uint32Array);
  return { kind: "samples", table, series, times, values, error, stats };
}

function countOf(
  { stats, error, columns: { length } }: Head,
  table: PackedLabels,
  columns: ColumnReader,
  windows: number,
): CountResult {
  const entries = changesOf(columns, table, windows);
  const amounts = length > countColumns ? changesOf(columns, table, windows) : entries;
  return { kind: "count", table, entries, amounts, error, stats };
}

/** Columns of a count of entries: those of the labels and the changes. */
const countColumns = 7;

function changesOf(columns: ColumnReader, table: PackedLabels, windows: number): SparseChanges {
  const sizes = columns.next(Uint32Array);
  const positions = columns.next(Uint32Array);
  const changes = { sizes, positions, changes: columns.next(Float64Array) };
  if (sizes.length !== table.labelEnds.length) throw new RangeError("not as many series as there are");
  checkChanges(changes, windows);
  return changes;
}

/** Takes columns from where they lie, each into memory of its own. */
class ColumnReader {
  readonly #bytes: Uint8Array;
  readonly #lengths: readonly number[];
  #column = 0;
  #at = 0;

  constructor(bytes: Uint8Array, lengths: readonly number[]) {
    this.#bytes = bytes;
    this.#lengths = lengths;
  }

  next<T extends Column>(type: { new (buffer: ArrayBuffer): T; readonly BYTES_PER_ELEMENT: number }): T {
    const from = this.#at;
    this.#at += this.#lengths[this.#column++]! * type.BYTES_PER_ELEMENT;
    if (!(this.#at <= this.#bytes.length)) throw new RangeError("cut off");
    return new type(new Uint8Array(this.#bytes.subarray(from, this.#at)).buffer);
  }
}
