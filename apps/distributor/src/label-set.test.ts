import { expect, test } from "vitest";
import { parseLabelSet } from "./label-set.ts";

test.for<[string, [string, string][]]>([
  [
    '{app="cart", env="qa"}',
    [
      ["app", "cart"],
      ["env", "qa"],
    ],
  ],
  [
    "  {  a = '1' ,b=`c\\d`,  }  ",
    [
      ["a", "1"],
      ["b", "c\\d"],
    ],
  ],
  [String.raw`{a="q\"n\nt\tué\x41\101\\"}`, [["a", 'q"n\nt\tuéAA\\']]],
  [
    '{a="1", a="2", b=""}',
    [
      ["a", "1"],
      ["a", "2"],
      ["b", ""],
    ],
  ],
  ["{}", []],
])("%s has labels", ([text, labels]) => expect(parseLabelSet(text)).toEqual(labels));

test.for<[string, string]>([
  ['{a-b="v"}', "1:3: parse error: unexpected character inside braces: '-'"],
  ['{a.b="v"}', "1:3: parse error: unexpected character inside braces: '.'"],
  ['{1a="v"}', "1:2: parse error: unexpected character inside braces: '1'"],
  ['{a b="v"}', '1:4: parse error: unexpected identifier "b" in label set, expected "="'],
  ['{größe="v"}', "1:4: parse error: unexpected character inside braces: 'ö'"],
  ['{="v"}', '1:2: parse error: unexpected "=" in label set, expected identifier or "}"'],
  ['{a=~"v"}', '1:3: parse error: unexpected <op:=~> in label set, expected "="'],
  ["{a=1}", "1:4: parse error: unexpected character inside braces: '1'"],
  ["{a=b}", '1:4: parse error: unexpected identifier "b" in label set, expected string'],
  ['{"a.b"="x"}', '1:2: parse error: unexpected string "a.b" in label set, expected identifier or "}"'],
  ['{a="1", b="2"', "1:14: parse error: unexpected end of input inside braces"],
  ["{a=", "1:4: parse error: unexpected end of input inside braces"],
  ['{a="1} ', "1:4: parse error: unexpected character inside braces: '\"'"],
  [String.raw`{a="\q"}`, String.raw`1:4: parse error: unknown escape sequence "\\" in string`],
  ['a="1"', '1:2: parse error: unexpected "="'],
  ['{a="1"} |= "x"', "1:9: parse error: unexpected character: '|'"],
])("%s is refused", ([text, message]) => expect(() => parseLabelSet(text)).toThrow(message));
