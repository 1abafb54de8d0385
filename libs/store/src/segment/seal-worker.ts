import { parentPort } from "node:worker_threads";
import type { Block } from "@ratatosk/model";
import { sealNow } from "./seal-block.ts";
import type { SegmentBlock } from "./segment-format.ts";

export interface SealRequest {
  readonly block: Block;
  readonly level: number;
  /** Where the block's columns lie. */
  readonly buffer: ArrayBuffer;
}

export interface SealedMessage {
  readonly sealed?: SegmentBlock;
  readonly failure?: string;
  /** The request's buffer, of which nothing is needed any more. */
  readonly buffer: ArrayBuffer;
}

parentPort?.on("message", (request: SealRequest) => {
  const answer = attempt(request);
  const { buffer } = request;
  parentPort!.postMessage({ ...answer, buffer } satisfies SealedMessage, [buffer, ...buffersOf(answer.sealed)]);
});

function attempt({ block, level }: SealRequest): Omit<SealedMessage, "buffer"> {
  try {
    return { sealed: sealNow(block, level) };
  } catch (error) {
    return { failure: String(error) };
  }
}

function buffersOf(sealed: SegmentBlock | undefined): ArrayBuffer[] {
  const bytes = [...(sealed?.columns.columns.map((column) => column.bytes) ?? []), sealed?.skip];
  return [...new Set(bytes.flatMap((one) => (one === undefined ? [] : [one.buffer as ArrayBuffer])))];
}
