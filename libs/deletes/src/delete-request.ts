import { parseLogQuery } from "@ratatosk/logql";

/** What a request removed from the store. */
export interface Receipt {
  readonly lines: number;
  /** Of the lines. */
  readonly bytes: number;
  /** When the last of it went, milliseconds since 1970. */
  readonly atMs: number;
}

/** A request to delete the lines of a query in a range of time, as it is stored. Times are milliseconds since 1970. */
export interface DeleteRequest {
  readonly id: string;
  readonly query: string;
  /** Both inclusive. */
  readonly startMs: number;
  readonly endMs: number;
  readonly createdMs: number;
  /** `received`; `partial` once what was stored is gone and what ingesters still held is waited for; `processed`. */
  readonly state: "received" | "partial" | "processed";
  readonly receipt: Receipt;
}

export const nothingYet: Receipt = { lines: 0, bytes: 0, atMs: 0 };

export const encodeRequest = (request: DeleteRequest): Uint8Array => Buffer.from(`${JSON.stringify(request)}\n`);

/** Undefined where the bytes are no request. */
export function decodeRequest(bytes: Uint8Array): DeleteRequest | undefined {
  try {
    const request = JSON.parse(Buffer.from(bytes).toString()) as Partial<DeleteRequest>;
    const numbers = [request.startMs, request.endMs, request.createdMs];
    const isWhole = typeof request.id === "string" && typeof request.query === "string";
    if (!isWhole || !numbers.every(Number.isFinite)) return undefined;
    parseLogQuery(request.query, { allowAll: true });
    return { state: "received", receipt: nothingYet, ...(request as Omit<DeleteRequest, "state" | "receipt">) };
  } catch {
    return undefined;
  }
}
