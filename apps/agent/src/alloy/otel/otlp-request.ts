import { gunzipSync, gzipSync } from "node:zlib";
import { countOf, recordsBetween } from "./log-records.ts";
import type { ResourceLogs } from "./logs.ts";
import { decodeLogs, encodeLogs } from "./protobuf.ts";

/** A request that is ready to be sent, the same bytes at each attempt. */
export interface ExportRequest {
  readonly isJson: boolean;
  readonly isPacked: boolean;
  readonly records: number;
  readonly body: Buffer;
  /** `<queue>/<sequence>`, by which a repeated request is known. */
  readonly id?: string;
}

type Form = Pick<ExportRequest, "isJson" | "isPacked" | "id">;

export function requestOf(logs: readonly ResourceLogs[], form: Form): ExportRequest {
  const bytes = form.isJson ? Buffer.from(JSON.stringify({ resourceLogs: logs })) : encodeLogs(logs);
  return { ...form, records: countOf(logs), body: form.isPacked ? gzipSync(bytes) : bytes };
}

export function logsOf({ isJson, isPacked, body }: ExportRequest): readonly ResourceLogs[] {
  const bytes = isPacked ? gunzipSync(body) : body;
  return isJson ? (JSON.parse(bytes.toString()) as { resourceLogs: ResourceLogs[] }).resourceLogs : decodeLogs(bytes);
}

/** Both halves of a request. Their ids follow from its id, so they are the same when it is sent again after a crash. */
export function halvesOf(request: ExportRequest): [ExportRequest, ExportRequest] {
  const { isJson, isPacked, records, id } = request;
  const logs = logsOf(request);
  const half = (number: 0 | 1, from: number, to: number): ExportRequest =>
    requestOf(recordsBetween(logs, from, to), { isJson, isPacked, ...(id && { id: halfId(id, number) }) });
  const middle = records >> 1;
  return [half(0, 0, middle), half(1, middle, records)];
}

function halfId(id: string, half: 0 | 1): string {
  const [queue, sequence] = id.split("/") as [string, string];
  return queue.includes(".") ? `${queue}/${Number(sequence) * 2 + half}` : `${queue}.${sequence}/${2 + half}`;
}
