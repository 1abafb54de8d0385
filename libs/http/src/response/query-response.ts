import type { MatrixSeries, QueryResult, QueryStats, ResultEntry, ResultStream, VectorSample } from "@ratatosk/model";
import type { HttpResponse } from "../route.ts";
import { JsonWriter } from "./json-writer.ts";
import { lineJson } from "./line.ts";
import { formatSeconds, formatValue } from "./numbers.ts";
import { statsJson } from "./stats.ts";

export interface QueryAnswer {
  readonly result: QueryResult;
  readonly stats: QueryStats;
  readonly warnings: readonly string[];
  /** Flags of X-Loki-Response-Encoding-Flags, repeated in answers that hold streams. */
  readonly encodingFlags?: readonly string[];
}

export const jsonType = { "Content-Type": "application/json; charset=UTF-8" } as const;

/** The answer to a query, written piece by piece. Readers depend on the order of the keys. */
export function queryResponse(answer: QueryAnswer): HttpResponse {
  const written = pieces(answer);
  const first = written.next();
  const second = written.next();
  const body = second.done ? (first.value as Buffer) : rest(first.value as Buffer, second.value, written);
  return { status: 200, headers: jsonType, body };
}

async function* rest(first: Buffer, second: Buffer, others: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield second;
  yield* others;
}

function* pieces({ result, stats, warnings, encodingFlags = [] }: QueryAnswer): Generator<Buffer> {
  const out = new JsonWriter();
  out.raw('{"status":"success",');
  if (warnings.length > 0) out.raw('"warnings":').raw(JSON.stringify(warnings)).raw(",");
  out.raw(`"data":{"resultType":"${result.type}",`);
  if (result.type === "streams" && encodingFlags.length > 0)
    out.raw('"encodingFlags":').raw(JSON.stringify(encodingFlags)).raw(",");
  out.raw('"result":');
  for (const _ of writeResult(out, result)) yield* out.takeFull();
  out
    .raw(',"stats":')
    .raw(JSON.stringify(statsJson(stats)))
    .raw("}}\n");
  yield out.finish();
}

/** Writes the result; yields after each part, so that what is ready can be sent. */
function* writeResult(out: JsonWriter, result: QueryResult): Generator<void> {
  switch (result.type) {
    case "streams":
      return yield* writeParts(out, result.streams, writeStream);
    case "matrix":
      return yield* writeParts(out, result.series, writeSeries);
    case "vector":
      return yield* writeParts(out, result.samples, (out, sample) => writeSample(out, sample, result.time));
    case "scalar":
      // The one time that is written in milliseconds.
      out.raw(`[${result.time},"${formatValue(result.value)}"]`);
  }
}

function* writeParts<T>(
  out: JsonWriter,
  parts: readonly T[],
  write: (out: JsonWriter, part: T) => void,
): Generator<void> {
  out.raw("[");
  for (const [i, part] of parts.entries()) {
    if (i > 0) out.raw(",");
    write(out, part);
    yield;
  }
  out.raw("]");
}

function writeStream(out: JsonWriter, { labels, entries }: ResultStream): void {
  out.raw('{"stream":').strings(labels).raw(',"values":');
  out.list(entries, (entry) => writeEntry(out, entry)).raw("}");
}

/** `["time","line"]`, categorised with a third element. */
export function writeEntry(out: JsonWriter, { time, line, categories }: ResultEntry): void {
  out.raw(`["${time}",`).raw(lineJson(line));
  if (categories) {
    const { structuredMetadata, parsed } = categories;
    out.raw(",{");
    if (structuredMetadata.length > 0) out.raw('"structuredMetadata":').strings(structuredMetadata);
    if (structuredMetadata.length > 0 && parsed.length > 0) out.raw(",");
    if (parsed.length > 0) out.raw('"parsed":').strings(parsed);
    out.raw("}");
  }
  out.raw("]");
}

function writeSeries(out: JsonWriter, { labels, times, values }: MatrixSeries): void {
  out.raw('{"metric":').strings(labels).raw(',"values":');
  out.list(times.keys(), (i) => void out.raw(`[${formatSeconds(times[i]!)},"${formatValue(values[i]!)}"]`)).raw("}");
}

function writeSample(out: JsonWriter, { labels, value }: VectorSample, time: number): void {
  out
    .raw('{"metric":')
    .strings(labels)
    .raw(`,"value":[${formatSeconds(time)},"${formatValue(value)}"]}`);
}
