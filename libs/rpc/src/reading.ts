import type { ColumnsBlock } from "@ratatosk/chunk";
import { type BlockRef, type Chunk, type ChunkSource, RatatoskError } from "@ratatosk/model";
import type {
  BlockRequestMessage,
  ChunkMessage,
  ChunksMessage,
  ReadAnswerMessage,
  ReadRequestMessage,
} from "@ratatosk/proto";
import type { CallContext } from "./handlers.ts";
import {
  blockToMessage,
  columnsFromMessage,
  extentToMessage,
  labelsToMessage,
  selectionFromMessage,
} from "./messages.ts";

const chunksPerMessage = 500;

/** The server's side of a reading: the chunks of the selection, then the blocks that are asked for. */
export async function* serveReading(
  source: ChunkSource,
  requests: AsyncIterable<ReadRequestMessage>,
  { signal }: CallContext,
): AsyncIterable<ReadAnswerMessage> {
  const incoming = requests[Symbol.asyncIterator]();
  const first = await incoming.next();
  if (first.done === true || !first.value.select)
    throw new RatatoskError("bad_request", "a reading begins with a selection");
  const { chunks, warnings, shipped = [] } = await source.select(selectionFromMessage(first.value.select), signal);
  const blocks = await Promise.all(chunks.map((chunk) => chunk.blocks(signal)));
  yield* chunkMessages(chunks, blocks, { warnings, shipped });
  yield* blockMessages(blocks, { [Symbol.asyncIterator]: () => incoming }, signal);
}

function* chunkMessages(
  chunks: readonly Chunk[],
  blocks: readonly (readonly BlockRef[])[],
  about: Pick<ChunksMessage, "warnings" | "shipped">,
): Iterable<ReadAnswerMessage> {
  for (let from = 0; from === 0 || from < chunks.length; from += chunksPerMessage) {
    const to = from + chunksPerMessage;
    const piece = chunks.slice(from, to).map((chunk, i) => chunkToMessage(chunk, blocks[from + i]!));
    yield { chunks: { chunks: piece, last: to >= chunks.length, ...about } };
  }
}

function chunkToMessage(chunk: Chunk, blocks: readonly BlockRef[]): ChunkMessage {
  return {
    labels: labelsToMessage(chunk.labels),
    extent: extentToMessage(chunk),
    knowsLevels: chunk.levels !== undefined,
    levels: Object.entries(chunk.levels ?? {}).map(([level, entries]) => ({ level, entries })),
    blocks: blocks.map((block) => ({ extent: extentToMessage(block), storedBytes: block.storedBytes })),
  };
}

/** One block after the other, in the order of the requests: what lies in memory is there at once. */
async function* blockMessages(
  blocks: readonly (readonly BlockRef[])[],
  requests: AsyncIterable<ReadRequestMessage>,
  signal: AbortSignal,
): AsyncIterable<ReadAnswerMessage> {
  for await (const { block } of requests) {
    if (!block) throw new RatatoskError("bad_request", "a reading has one selection");
    yield await readBlock(blocks[block.chunk]?.[block.block], block, signal);
  }
}

async function readBlock(
  block: BlockRef | undefined,
  { id, columns }: BlockRequestMessage,
  signal: AbortSignal,
): Promise<ReadAnswerMessage> {
  try {
    if (block === undefined) throw new RatatoskError("bad_request", "no such block in this reading");
    const stored = await block.fetch(columnsFromMessage(columns), signal);
    return { block: blockToMessage(id, stored as ColumnsBlock) };
  } catch (thrown) {
    const { code, publicMessage: message } = RatatoskError.from(thrown);
    return { failure: { id, code, message } };
  }
}
