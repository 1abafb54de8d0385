import { type LogExpr, parse, print, type Unwrap } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import { z } from "zod";
import type { ScanTask } from "../scan/job.ts";
import type { SharedJob } from "./shared-job.ts";

const nanos = z.string().regex(/^-?\d{1,20}$/);
const size = z.number().min(0);

const Series = z.strictObject({
  grouping: z.strictObject({ without: z.boolean(), labels: z.array(z.string()) }).optional(),
  noLabels: z.boolean(),
  allMetadata: z.boolean().optional(),
  groupsErrors: z.boolean().optional(),
  windows: z.strictObject({ first: nanos, step: size, count: z.number().int().min(1).max(100_000), length: size }),
});

/** The job as JSON. Its query goes as text, which each side reads with a parser of its own. */
const JobMessage = z.strictObject({
  version: z.literal(2),
  query: z.string(),
  task: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("lines"), forward: z.boolean(), limit: z.number().int().min(0) }),
    Series.extend({ kind: z.literal("count"), of: z.enum(["entries", "bytes"]) }),
    Series.extend({ kind: z.literal("samples") }),
  ]),
  pieces: z.array(
    z.strictObject({
      labels: z.array(z.tuple([z.string(), z.string()])),
      start: nanos,
      end: nanos,
      blocks: z.array(z.looseObject({ key: z.string() })),
    }),
  ),
});
type JobMessage = z.infer<typeof JobMessage>;

export function encodeJob({ log, task, pieces }: SharedJob): Uint8Array {
  const message = {
    version: 2,
    query: textOf(log, task.kind === "lines" ? undefined : task.unwrap),
    task: taskToMessage(task),
    pieces: pieces.map((piece) => ({ ...piece, start: String(piece.start), end: String(piece.end) })),
  };
  return Buffer.from(JSON.stringify(message));
}

/** The job. Throws bad_request where these bytes are none. */
export function decodeJob(bytes: Uint8Array): SharedJob {
  const { query, task, pieces } = readMessage(bytes);
  const { log, unwrap } = readText(query);
  return {
    log,
    task: taskFromMessage(task, unwrap),
    pieces: pieces.map((piece) => ({ ...piece, start: BigInt(piece.start), end: BigInt(piece.end) })),
  };
}

function readMessage(bytes: Uint8Array): JobMessage {
  try {
    return JobMessage.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch (error) {
    throw new RatatoskError("bad_request", "not a job of a query", { cause: error });
  }
}

/** `unwrap` has no place in the text of a log query: it goes as a sum of it. */
function textOf(log: LogExpr, unwrap: Unwrap | undefined): string {
  if (unwrap === undefined) return print(log);
  return print({ kind: "range-aggregation", op: "sum_over_time", log, unwrap, rangeNs: 1e9, offsetNs: 0 });
}

function readText(text: string): { log: LogExpr; unwrap?: Unwrap } {
  const expr = parse(text);
  if (expr.kind === "log") return { log: expr };
  if (expr.kind !== "range-aggregation") throw new RatatoskError("bad_request", "not a job of a query");
  return expr;
}

function taskToMessage(task: ScanTask): object {
  if (task.kind === "lines") return task;
  const { unwrap: _inTheText, windows, ...others } = task;
  return { ...others, windows: { ...windows, first: String(windows.first) } };
}

function taskFromMessage(task: JobMessage["task"], unwrap: Unwrap | undefined): ScanTask {
  if (task.kind === "lines") return task;
  const { windows, grouping, allMetadata, groupsErrors, ...others } = task;
  return {
    ...others,
    windows: { ...windows, first: BigInt(windows.first) },
    ...(grouping && { grouping }),
    ...(allMetadata !== undefined && { allMetadata }),
    ...(groupsErrors !== undefined && { groupsErrors }),
    ...(unwrap && { unwrap }),
  };
}
