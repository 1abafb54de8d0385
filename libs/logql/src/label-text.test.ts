import { expect, test } from "vitest";
import { parseLabelText } from "./label-text.ts";

test.each<[string, [string, string][]]>([
  ["", []],
  ["{}", []],
  [
    '{app="cart", env="qa"}',
    [
      ["app", "cart"],
      ["env", "qa"],
    ],
  ],
  [
    '{z="1",a="2"}',
    [
      ["z", "1"],
      ["a", "2"],
    ],
  ],
  ['  {  a = "1" ,  }  ', [["a", "1"]]],
  ["{a='1'}", [["a", "1"]]],
  ["{a=`b\\c`}", [["a", "b\\c"]]],
  [String.raw`{a="q\"n\nt\tu\u00e9b\\"}`, [["a", 'q"n\nt\tuéb\\']]],
  ['{a=""}', [["a", ""]]],
  [
    '{a="1", a="2"}',
    [
      ["a", "1"],
      ["a", "2"],
    ],
  ],
])("%s", (text, labels) => {
  expect(parseLabelText(text)).toEqual(labels);
});

test.each([
  ['a="1"', '1:2: parse error: unexpected "="'],
  ["{a", "1:3: parse error: unexpected end of input inside braces"],
  ["{a=", "1:4: parse error: unexpected end of input inside braces"],
  ['{a="1"', "1:7: parse error: unexpected end of input inside braces"],
  ['{a-b="1"}', "1:3: parse error: unexpected character inside braces: '-'"],
  ['{1a="1"}', "1:2: parse error: unexpected character inside braces: '1'"],
  ['{größe="1"}', "1:4: parse error: unexpected character inside braces: 'ö'"],
  ['{a b="1"}', '1:4: parse error: unexpected identifier "b" in label set, expected "="'],
  ['{="1"}', '1:2: parse error: unexpected "=" in label set, expected identifier or "}"'],
  ['{a=~"1"}', '1:3: parse error: unexpected <op:=~> in label set, expected "="'],
  ["{a=1}", "1:4: parse error: unexpected character inside braces: '1'"],
  ['{a="1"} |= "x"', "1:9: parse error: unexpected character: '|'"],
  ['{a="1" b="2"}', '1:8: parse error: unexpected identifier "b" in label set, expected "," or "}"'],
  ['{a="1', "1:4: parse error: unterminated quoted string"],
])("%s is refused", (text, message) => {
  expect(() => parseLabelText(text)).toThrow(message);
});
