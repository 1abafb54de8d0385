import { seededRandom } from "@ratatosk/logql/testing";
import { expect, test } from "vitest";
import { packLabels } from "../scan/packed-labels.ts";
import { SeriesNumbers } from "./series-numbers.ts";

test("equal labels have one number, whatever they are packed with", () => {
  const random = seededRandom(3);
  const values = ["", "a", "ab", "b", "é", "日本", "x".repeat(300)];
  const randomLabels = () =>
    ["app", "env", "pod"].flatMap((name) => {
      const value = values[random.below(values.length)]!;
      return random.below(3) > 0 ? [{ name, value, category: random.below(4) }] : [];
    });
  const numbers = new SeriesNumbers();
  const known: string[] = [];
  for (let round = 0; round < 50; round++) {
    const series = Array.from({ length: random.below(30) }, () => ({ labels: randomLabels() }));
    const packed = packLabels(series);
    const names = numbers.namesOf(packed);
    for (const [i, { labels }] of series.entries()) {
      const key = JSON.stringify(labels.map(({ name, value }) => [name, value]));
      if (!known.includes(key)) known.push(key);
      expect(numbers.of(packed, i, names)).toBe(known.indexOf(key));
    }
  }
  expect(known.map((_, number) => JSON.stringify(numbers.labels(number)))).toEqual(known);
  expect(numbers.length).toBe(known.length);
});

test("a hundred thousand ids take little each", () => {
  const ids = Array.from({ length: 100_000 }, (_, i) => ({ labels: [{ name: "id", value: `id-${i}`, category: 3 }] }));
  const packed = packLabels(ids);
  const numbers = new SeriesNumbers();
  const names = numbers.namesOf(packed);
  for (let i = 0; i < ids.length; i++) expect(numbers.of(packed, i, names)).toBe(i);
  expect(numbers.labels(77_777)).toEqual([["id", "id-77777"]]);
  expect(numbers.bytes / ids.length).toBeLessThan(70);
});
