import { ask, type ClientOptions, rangeOf } from "./api.ts";
import { type ApiStream, inOrder, type LabelSet } from "./entry.ts";
import { LineFormat } from "./line-format.ts";
import { printAll, printSize } from "./print.ts";
import { parseMoment } from "./time.ts";

type Result =
  | { resultType: "streams"; result: ApiStream[] }
  | { resultType: "matrix"; result: { metric: LabelSet; values: [time: number, value: string][] }[] }
  | { resultType: "vector"; result: { metric: LabelSet; value: [time: number, value: string] }[] }
  | { resultType: "scalar"; result: [time: number, value: string] };

interface Statistics {
  readonly summary?: {
    readonly execTime?: number;
    readonly totalLinesProcessed?: number;
    readonly totalBytesProcessed?: number;
    readonly totalEntriesReturned?: number;
  };
}

/** `ratatosk query`: prints lines in order of time, or samples of a metric query, one a line; with `--follow` what comes. */
export async function runQuery(query: string, options: ClientOptions): Promise<number> {
  if (options.follow === true) {
    const { runFollow } = await import("./follow.ts");
    return runFollow(query, options);
  }
  const { limit, step, forward, instant, to } = options;
  const direction = forward === true ? "forward" : "backward";
  const time = to === undefined ? undefined : String(parseMoment(to, "--to"));
  const answer = (await (instant === true
    ? ask(options, "/loki/api/v1/query", { query, limit, direction, time })
    : ask(options, "/loki/api/v1/query_range", { query, limit, direction, step, ...rangeOf(options) }))) as Result & {
    stats?: Statistics;
  };
  const format = new LineFormat(options, process.stdout.isTTY);
  await printAll(rows(answer, format, forward === true));
  if (options.stats === true) process.stderr.write(`${describe(answer.stats ?? {})}\n`);
  return 0;
}

function* rows(answer: Result, format: LineFormat, forward: boolean): Iterable<string> {
  switch (answer.resultType) {
    case "streams":
      for (const entry of inOrder(answer.result, forward)) yield format.line(entry);
      return;
    case "matrix":
      for (const { metric, values } of answer.result)
        for (const [time, value] of values) yield format.sample(metric, time, value);
      return;
    case "vector":
      for (const { metric, value } of answer.result) yield format.sample(metric, value[0], value[1]);
      return;
    case "scalar":
      yield format.sample({}, answer.result[0], answer.result[1]);
  }
}

function describe({ summary = {} }: Statistics): string {
  const { execTime = 0, totalLinesProcessed = 0, totalBytesProcessed = 0, totalEntriesReturned = 0 } = summary;
  const rate = execTime > 0 ? `, ${printSize(totalBytesProcessed / execTime)}/s` : "";
  return [
    `${totalEntriesReturned} lines returned`,
    `${totalLinesProcessed} lines (${printSize(totalBytesProcessed)}) read`,
    `${execTime.toFixed(3)} s${rate}`,
  ].join("; ");
}
