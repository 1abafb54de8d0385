import { expect, test } from "vitest";
import { LabelsReader, packLabels } from "./packed-labels.ts";

const label = (name: string, value: string, category = 1) => ({ name, value, category });

test.each([
  ["none", []],
  ["plain", [{ labels: [label("app", "a"), label("pod", "p", 2)] }, { labels: [] }, { labels: [label("pod", "", 3)] }]],
  ["beyond ASCII", [{ labels: [label("app", "ÿ")] }, { labels: [label("app", "é")] }]],
  ["beyond a byte", [{ labels: [label("app", "日本"), label("b", "x")] }, { labels: [label("app", "😀\ufffd")] }]],
])("labels come out as they went in: %s", (_what, series) => {
  const packed = packLabels(series);
  const reader = new LabelsReader(packed);
  expect(Array.from({ length: packed.labelEnds.length }, (_, i) => reader.at(i))).toEqual(series);
});
