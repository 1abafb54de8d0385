import { expect, test } from "vitest";
import { prettyJson } from "./pretty-json.ts";

test.each([
  [
    '{"a":1,"b":[1,{"c":"x,y"}],"e":{},"f":[ ]}',
    '{\n  "a": 1,\n  "b": [\n    1,\n    {\n      "c": "x,y"\n    }\n  ],\n  "e": {},\n  "f": []\n}',
  ],
  ['{"id":12345678901234567890}', '{\n  "id": 12345678901234567890\n}'],
  [String.raw`{"q":"say \"hi\""}`, '{\n  "q": "say \\"hi\\""\n}'],
  ["{not json}", undefined],
  ["plain", undefined],
  ["12", undefined],
])("%s", (line, expected) => {
  expect(prettyJson(line)).toBe(expected);
});
