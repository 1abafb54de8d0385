import { evaluate, parseExpression } from "@ratatosk/alloy-syntax";
import { expect, test } from "vitest";
import { toJson } from "./json.ts";
import { standardLibrary } from "./standard-library.ts";

const json = (text: string): string => toJson(evaluate(parseExpression(text), standardLibrary));

test.each([
  ['string.format("%d|%5d|%.2f|%q|%v", 1, 2, 3.14159, "a", true)', '"1|    2|3.14|\\"a\\"|true"'],
  ['string.join(["a", "b"], "-")', '"a-b"'],
  ['string.split("a,b", ",")', '["a","b"]'],
  ['string.replace("aXbX", "X", "$1")', '"a$1b$1"'],
  ['string.trim("-=a=-", "=-") + string.trim_prefix("pre-a", "pre-") + string.trim_suffix("a.log", ".log")', '"aaa"'],
  ['encoding.from_json(`{"a": [1, 2.5, null]}`)', '{"a":[1,2.5,null]}'],
  ['encoding.from_yaml("a: 1\\nb: [x]")', '{"a":1,"b":["x"]}'],
  ['encoding.to_json({z = 1, a = "<&>"})', '"{\\"a\\":\\"\\\\u003c\\\\u0026\\\\u003e\\",\\"z\\":1}"'],
  ['encoding.from_base64("aMOpbGxv") + encoding.to_URLbase64("?>")', '"hélloPz4"'],
  [
    'encoding.url_encode("a b&c") + encoding.url_decode("a+b%26")',
    '"a+b\\u0026ca b\\u0026"'.replace("a+b\\u0026c", "a+b%26c"),
  ],
  ["array.concat([1], [], [[2]])", "[1,[2]]"],
  [
    'array.combine_maps([{id = "1", a = "x"}], [{id = "1", b = "z"}, {id = "3"}], ["id"])',
    '[{"a":"x","b":"z","id":"1"}]',
  ],
  [
    'array.group_by([{t = "a"}, {n = "4"}], "t", false)',
    '[{"items":[{"t":"a"}],"t":"a"},{"items":[{"n":"4"}],"t":""}]',
  ],
  ['coalesce("", null, [], 0, "last")', '"last"'],
  ['coalesce("", "")', '""'],
  ['file.path_join("/a/", "../b", "./c") + file.path_join()', '"/b/c"'],
  ['json_path(`{"a": [{"b": 1}, {"b": 2}]}`, "$.a[*].b")', "[1,2]"],
  ['json_path(`{"a": {"b": {"c": 3}}}`, "$..c")', "[3]"],
  ['constants.os + string.to_upper(sys.env("NO_SUCH_VARIABLE"))', '"linux"'],
])("%s", (text, expected) => {
  expect(json(text)).toBe(expected);
});

test.each([
  ['string.to_upper("a", "b")', "expected 1 args, got 2"],
  ['string.join("a", ",")', "should be array, got string"],
  ['encoding.from_base64("*")', "illegal base64 data"],
  ['encoding.from_json("{")', "JSON"],
])("%s fails", (text, message) => {
  expect(() => json(text)).toThrow(message);
});
