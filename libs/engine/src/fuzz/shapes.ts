import { QueryEngine } from "../engine.ts";
import { CombinedSource } from "../combined-source.ts";
import { MemorySource, type MemoryStream } from "../testing.ts";
import { dataSeconds, dataStart } from "./random-data.ts";

export { unlimited as terms } from "../testing/unlimited.ts";

export const dataEnd = dataStart + BigInt(dataSeconds) * 1_000_000_000n;
/** Seeds: of each come so many queries for lines, and so many for samples. */
export const rounds = Number(process.env["FUZZ_ROUNDS"] ?? 20);
export const queriesEach = 20;

/** The same data in three shapes: one source; halves, some of it in both; small blocks of one chunk a stream. */
export function engines(streams: readonly MemoryStream[], blockRows: number): QueryEngine[] {
  const part = (from: number, to: number): MemoryStream[] =>
    streams.map(({ labels, entries }) => ({
      labels,
      entries: entries.slice(Math.floor(entries.length * from), Math.ceil(entries.length * to)),
    }));
  return [
    new QueryEngine({ source: new MemorySource(streams, 1000) }),
    new QueryEngine({ source: new MemorySource(streams, blockRows) }),
    new QueryEngine({
      source: new CombinedSource(new MemorySource(part(0.4, 1), blockRows), [new MemorySource(part(0, 0.7), 7)]),
    }),
  ];
}
