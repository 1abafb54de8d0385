import { expect, test } from "vitest";
import { buildSkip } from "./build-skip.ts";
import { mayContain, SkipNeedle } from "./skip-needle.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

function rows(lines: readonly Uint8Array[]): [lines: Uint8Array, offsets: Uint32Array] {
  const offsets = new Uint32Array(lines.length + 1);
  for (const [row, line] of lines.entries()) offsets[row + 1] = offsets[row]! + line.length + 1;
  return [Buffer.concat(lines.flatMap((line) => [line, bytes("\n")])), offsets];
}

/** The same numbers for the same seed. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const alphabets = [
  "0123456789abcdef",
  "GET /api users\torders-12\n",
  "äöü€日本語ログ😀 x",
  "\n\n\na",
  " abcXYZ019_-+/=",
].map((text) => Array.from(text));

function randomLine(below: (limit: number) => number): Uint8Array {
  const alphabet = alphabets[below(alphabets.length)]!;
  const length = below(below(5) === 0 ? 300 : 30);
  if (below(6) === 0) return Uint8Array.from({ length }, () => below(256));
  return bytes(Array.from({ length }, () => alphabet[below(alphabet.length)]).join(""));
}

test("whatever lies inside a line or a value is never skipped", () => {
  const below = generator(7);
  const missed: Uint8Array[] = [];
  for (let block = 0; block < 600; block++) {
    const lines = Array.from({ length: 1 + below(block % 60 === 0 ? 3000 : 40) }, () => randomLine(below));
    const values = Array.from({ length: below(5) }, () => Buffer.from(randomLine(below)).toString());
    const skip = buildSkip(...rows(lines), { values });
    const texts = [...lines, ...values.map(bytes)];
    for (let i = 0; i < 60; i++) {
      const text = texts[below(texts.length)]!;
      const from = below(text.length + 1);
      const needle = text.slice(from, from + below(below(3) === 0 ? 400 : 20));
      if (!mayContain(skip, needle)) missed.push(needle);
    }
  }
  expect(missed).toEqual([]);
});

const ids = generator(3);
const hex = (digits: number): string => Array.from({ length: digits }, () => ids(16).toString(16)).join("");
const log = rows(
  Array.from({ length: 2000 }, (_, i) =>
    bytes(`level=info msg="request completed" user=${ids(30)} trace_id=${hex(32)} took=${i}ms`),
  ),
);

test("a block is skipped for ids and words that it does not hold", () => {
  const skip = buildSkip(...log);
  const opened = Array.from({ length: 1000 }, () => mayContain(skip, bytes(hex(32)))).filter(Boolean).length;
  expect(opened).toBeLessThan(20);
  for (const word of ["panic", "NullPointerException", "connection refused", "日本語ログ"])
    expect(mayContain(skip, bytes(word))).toBe(false);
});

test("a needle that would cross the end of a line is skipped like any other", () => {
  const skip = buildSkip(...rows([bytes("first line here"), bytes("second line here")]));
  expect(mayContain(skip, bytes("here\nsecond"))).toBe(false);
  expect(mayContain(buildSkip(...rows([bytes("here\nsecond")])), bytes("here\nsecond"))).toBe(true);
});

test("values of metadata are found beside the lines", () => {
  expect(mayContain(buildSkip(...log, { values: ["checkout-07"] }), bytes("checkout"))).toBe(true);
  expect(mayContain(buildSkip(...log), bytes("checkout"))).toBe(false);
});

test("the index of a block stays below a twentieth of its lines", () => {
  expect(buildSkip(...log).length).toBeLessThan(log[0].length / 20);
});

test.each([["no bytes"], ["another version"], ["cut off"], ["too long"]])(
  "an index with %s skips nothing",
  (damage) => {
    const skip = buildSkip(...log);
    const damaged: Record<string, Uint8Array> = {
      "no bytes": new Uint8Array(),
      "another version": Uint8Array.from(skip, (byte, at) => (at === 1 ? 2 : byte)),
      "cut off": skip.slice(0, -1),
      "too long": Buffer.concat([skip, bytes("x")]),
    };
    expect(mayContain(damaged[damage]!, bytes("NullPointerException"))).toBe(true);
  },
);

test("blocks of all sizes and no lines have an index", () => {
  expect(mayContain(buildSkip(new Uint8Array(), Uint32Array.of(0)), bytes("error"))).toBe(false);
  expect(mayContain(buildSkip(...rows([bytes("")])), bytes(""))).toBe(true);
  expect(new SkipNeedle(bytes("abc")).mayBeIn(buildSkip(...log))).toBe(true);
});

test("version 1 is written as it always was", () => {
  const skip = buildSkip(...rows([bytes("GET /api/v1/users?id=3fa85f64"), bytes("日本語")]));
  expect(Buffer.from(skip).toString("hex")).toMatchInlineSnapshot(
    `"5301060001000000800000400000000000008400002040000004000000000c0020000000024000000000000800000000900e020000000068208c01703024"`,
  );
});
