import { readFile } from "node:fs/promises";
import { formatLabels, type Labels, labelsFrom, labelValue, type Matcher } from "@ratatosk/model";
import { describe, expect, test } from "vitest";
import { buildIndex } from "./build-index.ts";
import type { IndexContent, IndexedChunk } from "./index-content.ts";
import { LabelIndex } from "./label-index.ts";
import { labelsTest } from "./matcher.ts";

const randomFrom = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

function randomContent(below: (limit: number) => number, streams: number): IndexContent {
  const segments = [0, 1, 2].map((at) => ({
    key: `fake/segments/2026-01-15/${at}.seg`,
    bytes: 1000 + at,
    directory: { offset: 10 * at, length: 90 },
  }));
  const chunks = Array.from({ length: streams }, (_, at): IndexedChunk => {
    const minTime = 1_768_435_200_000_000_000n + BigInt(below(1e9)) * 1000n;
    const labels = labelsFrom([
      ["app", `app-${below(4)}`],
      ["pod", `pod-${below(streams)}-é`],
      ["env", ["", "qa", "prod"][below(3)]!],
      ["zone", below(2) ? "a" : ""],
    ]);
    const extent = { minTime, maxTime: minTime + BigInt(below(1e9)), entries: below(1000), bytes: below(1e6) };
    return { labels, segment: below(3), ordinal: at, levels: below(2) ? { info: 3, error: below(5) } : {}, ...extent };
  });
  return { segments, replaces: ["fake/index/2026-01-15/old.idx"], chunks };
}

const plainly = (chunks: readonly IndexedChunk[], matchers: readonly Matcher[], start: bigint, end: bigint) =>
  chunks.filter((chunk) => labelsTest(matchers)(chunk.labels) && chunk.minTime < end && chunk.maxTime >= start);

const ordinals = (index: LabelIndex, matchers: readonly Matcher[], start: bigint, end: bigint): number[] =>
  index
    .select(matchers, { start, end })
    .flatMap(({ chunks }) => chunks.map(({ ordinal }) => ordinal))
    .sort((a, b) => a - b);

describe("an index answers as a plain filter over its chunks does", () => {
  const below = randomFrom(5);
  const names = ["app", "pod", "env", "zone", "missing"];
  test.each([0, 1, 2, 31, 33, 64, 500])("%d chunks", (streams) => {
    const content = randomContent(below, streams);
    const index = new LabelIndex(buildIndex(content));
    for (let round = 0; round < 60; round++) {
      const matchers = Array.from({ length: below(4) }, (): Matcher => {
        const name = names[below(names.length)]!;
        const value = ["", "app-1", "qa", "a", `pod-${below(streams + 1)}-é`, "app-[12]", "qa|prod|", ".*1.*", ".+"][
          below(9)
        ]!;
        return { name, op: (["=", "!=", "=~", "!~"] as const)[below(4)]!, value };
      });
      const start = 1_768_435_200_000_000_000n + BigInt(below(1e9)) * 1000n;
      const end = start + BigInt(below(1e9)) * 500n;
      const expected = plainly(content.chunks, matchers, start, end);
      const byLabels = new Map(expected.map(({ labels }) => [formatLabels(labels), labels]));
      expect(ordinals(index, matchers, start, end)).toEqual(expected.map(({ ordinal }) => ordinal));
      expect(index.series(matchers, { start, end }).map(formatLabels).sort()).toEqual([...byLabels.keys()].sort());
      expect(index.labelNames(matchers, { start, end })).toEqual(
        distinct([...byLabels.values()].flatMap((labels) => labels.map(([name]) => name))),
      );
      expect(index.labelValues("env", matchers, { start, end })).toEqual(distinct([...byLabels.values()].map(envOf)));
    }
  });
});

test("everything comes back, so that files can be merged", () => {
  const content = randomContent(randomFrom(8), 200);
  const back = new LabelIndex(buildIndex(content)).content();
  const byOrdinal = (a: IndexedChunk, b: IndexedChunk): number => a.ordinal - b.ordinal;
  const withoutZeros = content.chunks.map((chunk) => ({
    ...chunk,
    levels: Object.fromEntries(Object.entries(chunk.levels).filter(([, count]) => count > 0)),
  }));
  expect({ ...back, chunks: back.chunks.toSorted(byOrdinal) }).toEqual({ ...content, chunks: withoutZeros });
});

test("a flipped bit anywhere is found, and so is a file cut off", () => {
  const file = buildIndex(randomContent(randomFrom(9), 20));
  for (let at = 0; at < file.length; at++) {
    const changed = Uint8Array.from(file);
    changed[at]! ^= 1 << (at % 8);
    expect(() => new LabelIndex(changed)).toThrow(expect.objectContaining({ code: "corrupt" }));
    expect(() => new LabelIndex(file.subarray(0, at))).toThrow(expect.objectContaining({ code: "corrupt" }));
  }
});

test("files of version 1 stay readable", async () => {
  const index = new LabelIndex(await readFile(new URL("../testdata/version-1.idx", import.meta.url)));
  const content = index.content();
  expect(content).toEqual(new LabelIndex(buildIndex(randomContent(randomFrom(4), 12))).content());
});

const distinct = (texts: readonly (string | undefined)[]): string[] =>
  [...new Set(texts.filter((text) => text !== undefined))].sort();
const envOf = (labels: Labels): string | undefined => labelValue(labels, "env");
