import { expect, test } from "vitest";
import { RowHeights } from "./row-heights.ts";

test("rows of their own heights are found where plain addition finds them", () => {
  const heights = new RowHeights();
  const plain: number[] = [];
  heights.reset(10, 20);
  for (let i = 0; i < 10; i++) plain.push(20);
  heights.grow(777, 20);
  while (plain.length < 777) plain.push(20);
  for (let i = 0; i < 777; i += 7) {
    heights.set(i, 20 + (i % 50));
    plain[i] = 20 + (i % 50);
  }
  let top = 0;
  for (const [row, height] of plain.entries()) {
    expect([heights.top(row), heights.rowAt(top), heights.rowAt(top + height - 1)]).toEqual([top, row, row]);
    top += height;
  }
  expect(heights.top(777)).toBe(top);
  expect(heights.rowAt(top + 1000)).toBe(776);
});

test("an empty list has a first row to speak of and no height", () => {
  const heights = new RowHeights();
  heights.reset(0, 20);
  expect([heights.rowAt(5), heights.top(0)]).toEqual([0, 0]);
});
