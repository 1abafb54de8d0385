import { formatLabels, labelsFrom } from "@ratatosk/model";
import { ask, type ClientOptions, rangeOf } from "./api.ts";
import { printAll } from "./print.ts";

type LabelSet = Readonly<Record<string, string>>;

type Answer =
  | { resultType: "streams"; result: { stream: LabelSet; values: [time: string, line: string][] }[] }
  | { resultType: "matrix"; result: { metric: LabelSet; values: [time: number, value: string][] }[] }
  | { resultType: "vector"; result: { metric: LabelSet; value: [time: number, value: string] }[] }
  | { resultType: "scalar"; result: [time: number, value: string] };

/** `ratatosk query`: prints lines in order of time, or samples of a metric query, one a line. */
export async function runQuery(query: string, options: ClientOptions): Promise<number> {
  const { limit, step, forward, instant, to } = options;
  const direction = forward === true ? "forward" : "backward";
  const answer = (await (instant === true
    ? ask(options, "/loki/api/v1/query", { query, limit, direction, time: to })
    : ask(options, "/loki/api/v1/query_range", { query, limit, direction, step, ...rangeOf(options) }))) as Answer;
  await printAll(rows(answer, options));
  return 0;
}

function* rows(answer: Answer, { output, forward }: ClientOptions): Iterable<string> {
  switch (answer.resultType) {
    case "streams":
      for (const entry of inOrder(answer.result, forward === true)) yield printLine(entry, output);
      return;
    case "matrix":
      for (const { metric, values } of answer.result)
        for (const [time, value] of values) yield printSample(metric, time, value, output);
      return;
    case "vector":
      for (const { metric, value } of answer.result) yield printSample(metric, value[0], value[1], output);
      return;
    case "scalar":
      yield printSample({}, answer.result[0], answer.result[1], output);
  }
}

interface Entry {
  readonly stream: LabelSet;
  readonly time: bigint;
  readonly line: string;
}

function inOrder(streams: readonly { stream: LabelSet; values: [string, string][] }[], forward: boolean): Entry[] {
  const entries = streams.flatMap(({ stream, values }) =>
    values.map(([time, line]) => ({ stream, time: BigInt(time), line })),
  );
  const sign = forward ? 1 : -1;
  return entries.sort((a, b) => (a.time === b.time ? 0 : a.time < b.time ? -sign : sign));
}

function printLine({ stream, time, line }: Entry, output: ClientOptions["output"]): string {
  if (output === "raw") return line;
  if (output === "jsonl") return JSON.stringify({ timestamp: printTime(time), labels: stream, line });
  return `${printTime(time)} ${formatLabels(labelsFrom(Object.entries(stream)))} ${line}`;
}

function printSample(metric: LabelSet, seconds: number, value: string, output: ClientOptions["output"]): string {
  if (output === "raw") return value;
  const timestamp = new Date(seconds * 1000).toISOString();
  if (output === "jsonl") return JSON.stringify({ timestamp, labels: metric, value });
  return `${timestamp} ${formatLabels(labelsFrom(Object.entries(metric)))} ${value}`;
}

/** Unix nanoseconds as RFC 3339 with all nine digits. */
function printTime(nanos: bigint): string {
  const seconds = new Date(Number(nanos / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(nanos % 1_000_000_000n).padStart(9, "0")}Z`;
}
