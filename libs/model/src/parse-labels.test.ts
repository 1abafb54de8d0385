import { expect, test } from "vitest";
import { formatLabels, labelsFrom } from "./labels.ts";
import { parseLabels } from "./parse-labels.ts";

test.each([
  "",
  "a",
  'quo"te',
  "back\\slash",
  "new\nline\ttab\x07\v",
  "é 日本 \u00a0 😀",
  "\x00\x7f\u200b\u{10ffff}",
  '} , x="1"',
  "\\n",
])("labels with the value %j come back from their text", (value) => {
  const labels = labelsFrom([
    ["app", value],
    ["env", "qa"],
    ["zone", `${value}!`],
  ]);
  expect(parseLabels(formatLabels(labels))).toEqual(labels);
});

test.each(["", "app", "{", "{a=b}", '{a="b"', '{a="b" }', '{a="b"}x', '{a="b",c="d"}', 'xa="b"}'])(
  "%j is refused",
  (text) => {
    expect(() => parseLabels(text)).toThrow("not the text of a stream's labels");
  },
);
