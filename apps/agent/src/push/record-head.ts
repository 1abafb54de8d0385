import type { Mark } from "../origin.ts";

/** What the buffer says of a request beside its bytes. */
export interface RecordHead {
  /** Counts all records of all queues of the agent, so that the latest mark of an origin is known. */
  readonly cut: number;
  readonly entries: number;
  readonly bytes: number;
  readonly marks: readonly Mark[];
}

export const encodeHead = (head: RecordHead): Buffer => Buffer.from(JSON.stringify(head));

/** Undefined where the bytes are no head. */
export function decodeHead(bytes: Uint8Array): RecordHead | undefined {
  try {
    const head = JSON.parse(Buffer.from(bytes).toString()) as RecordHead;
    return typeof head.cut === "number" && Array.isArray(head.marks) ? head : undefined;
  } catch {
    return undefined;
  }
}
