import { seededRandom } from "@ratatosk/logql/testing";
import type { BlockRef, Chunk } from "@ratatosk/model";
import { expect, test } from "vitest";
import { BlockSkip } from "./block-skip.ts";
import { chunkGroups } from "./chunk-groups.ts";
import { OrderedPieces } from "./ordered-pieces.ts";
import type { Piece } from "./pieces.ts";
import { Readings } from "./readings.ts";

const { signal } = new AbortController();
const skip = new BlockSkip({ needles: [] }, { blocksSkipped: 0 });
const asking = new BlockSkip({ needles: [[new Uint8Array(4)]] }, { blocksSkipped: 0 });
type Span = readonly [from: number, to: number];

let made = 0;
/** A block whose count of entries no other has. */
const blockOf = ([from, to]: Span): BlockRef => ({
  minTime: BigInt(from),
  maxTime: BigInt(to),
  entries: ++made,
  bytes: 100,
  storedBytes: 50,
  mayContain: () => true,
  fetch: () => Promise.reject(new Error("nobody reads it")),
});

/** A chunk of blocks; `opened` is told when they are asked for. */
function chunkOf(spans: readonly Span[], opened: () => void = () => undefined): Chunk {
  const blocks = spans.map(blockOf);
  const times = spans.flat();
  return {
    labels: [["app", "a"]],
    stream: '{app="a"}',
    minTime: BigInt(Math.min(...times)),
    maxTime: BigInt(Math.max(...times)),
    entries: 2 * spans.length,
    bytes: 100 * spans.length,
    blocks: async () => {
      opened();
      return blocks;
    },
  };
}

const piecesOf = (chunks: readonly Chunk[], forward: boolean, asked = skip): OrderedPieces =>
  new OrderedPieces(chunkGroups(chunks), {
    range: { start: 0n, end: 10_000n },
    forward,
    skip: asked,
    readings: new Readings(),
  });

test.each([
  [false, 3],
  [true, 0],
])("of chunks that overlap a little only the first in the direction is opened, forward: %s", async (forward, first) => {
  const opened: number[] = [];
  const chunks = [0, 1, 2, 3].map((i) =>
    chunkOf(
      [0, 1, 2, 3].map((block): Span => [i * 40 + block * 10, i * 40 + block * 10 + (block === 3 ? 12 : 9)]),
      () => opened.push(i),
    ),
  );
  const pieces = piecesOf(chunks, forward);
  expect((await pieces.next(signal))?.blocks).toHaveLength(1);
  expect(opened).toEqual([first]);
});

test("every block lies in pieces that together cover it once, in the order of the query", async () => {
  const random = seededRandom(7);
  for (let round = 0; round < 500; round++) {
    const width = 1 + random.below(60);
    const span = (): Span => {
      const from = random.below(300);
      return [from, from + random.below(width)];
    };
    const chunks = Array.from({ length: 1 + random.below(6) }, () => ({
      ...chunkOf(random.many(1, 5, span)),
      object: `${random.below(3)}`,
    }));
    const forward = random.below(2) === 0;
    const source = piecesOf(chunks, forward, round % 2 === 0 ? skip : asking);
    const all: Piece[] = [];
    for (;;) {
      const { edge } = source;
      const piece = await source.next(signal);
      if (piece === undefined) break;
      expect(forward ? piece.minTime >= edge! : piece.maxTime <= edge!).toBe(true);
      all.push(piece);
    }
    const blocks = await Promise.all(chunks.map((chunk) => chunk.blocks(signal)));
    for (const block of blocks.flat()) {
      const holding = all.filter((piece) => piece.blocks.some(({ entries }) => entries === block.entries));
      for (let time = block.minTime; time <= block.maxTime; time++)
        expect(holding.filter(({ start, end }) => start <= time && time < end)).toHaveLength(1);
    }
    // Entries of one time lie in one piece, where equal ones are found.
    for (const [i, a] of all.entries())
      for (const b of all.slice(i + 1)) expect(a.minTime > b.maxTime || b.minTime > a.maxTime).toBe(true);
  }
});
