import { type ColumnKind, type ColumnsBlock, codecNumber, codecOf } from "@ratatosk/chunk";
import { type Columns, type Extent, type Labels, type MatchOp, RatatoskError, type Selection } from "@ratatosk/model";
import type {
  BlockMessage,
  ColumnsMessage,
  ExtentMessage,
  LabelSetMessage,
  PushAnswer,
  PushAnswerMessage,
  Refusal,
  SelectionMessage,
} from "@ratatosk/proto";

export function selectionToMessage({ tenant, matchers, start, end }: Selection): SelectionMessage {
  return { tenant, matchers, start: String(start), end: String(end) };
}

export function selectionFromMessage({ tenant, matchers, start, end }: SelectionMessage): Selection {
  return {
    tenant,
    matchers: matchers.map(({ name, op, value }) => ({ name, op: readOp(op), value })),
    start: BigInt(start),
    end: BigInt(end),
  };
}

const ops: readonly string[] = ["=", "!=", "=~", "!~"];

function readOp(op: string): MatchOp {
  if (!ops.includes(op)) throw new RatatoskError("bad_request", `unknown matcher operator ${op}`);
  return op as MatchOp;
}

export function labelsToMessage(labels: Labels): LabelSetMessage {
  return { labels: labels.map(([name, value]) => ({ name, value })) };
}

export function labelsFromMessage({ labels }: LabelSetMessage): Labels {
  return labels.map(({ name, value }) => [name, value]);
}

export function extentToMessage({ minTime, maxTime, entries, bytes }: Extent): ExtentMessage {
  return { minTime: String(minTime), maxTime: String(maxTime), entries, bytes };
}

export function extentFromMessage({ minTime, maxTime, entries, bytes }: ExtentMessage): Extent {
  return { minTime: BigInt(minTime), maxTime: BigInt(maxTime), entries, bytes: Number(bytes) };
}

export function columnsToMessage({ lines, lengths = false, metadata, patterns }: Columns): ColumnsMessage {
  return {
    lines,
    lengths,
    allMetadata: metadata === "all",
    metadata: metadata === "all" ? [] : metadata,
    patterns: patterns === true,
  };
}

export function columnsFromMessage({ lines, lengths, allMetadata, metadata, patterns }: ColumnsMessage): Columns {
  return { lines, lengths, metadata: allMetadata ? "all" : metadata, ...(patterns && { patterns }) };
}

export function blockToMessage(id: number, { extent, columns }: ColumnsBlock): BlockMessage {
  return {
    id,
    extent: extentToMessage(extent),
    columns: columns.map(({ kind, name, codec, rawBytes, crc, bytes }) => ({
      kind,
      name,
      codec: codecNumber(codec),
      rawBytes,
      crc,
      data: bytes,
    })),
  };
}

export function blockFromMessage({ extent, columns }: BlockMessage): ColumnsBlock {
  return {
    format: "columns",
    extent: extentFromMessage(extent),
    columns: columns.map(({ kind, name, codec, rawBytes, crc, data }) => ({
      kind: readKind(kind),
      name,
      codec: codecOf(codec, badColumn),
      rawBytes,
      crc,
      bytes: data,
    })),
  };
}

const kinds: readonly string[] = ["timestamps", "lengths", "lines", "metadata", "patterns"] satisfies ColumnKind[];

function readKind(kind: string): ColumnKind {
  if (!kinds.includes(kind)) throw badColumn(`unknown column ${kind}`);
  return kind as ColumnKind;
}

const badColumn = (message: string): RatatoskError =>
  new RatatoskError("corrupt", `block from an ingester: ${message}`);

export function pushAnswerToMessage({ refused }: PushAnswer): PushAnswerMessage {
  return { refused };
}

export function pushAnswerFromMessage({ refused }: PushAnswerMessage): PushAnswer {
  return {
    refused: refused.map(({ status, reason, message, entries, bytes }) => ({
      status: status as Refusal["status"],
      reason,
      message,
      entries,
      bytes: Number(bytes),
    })),
  };
}
