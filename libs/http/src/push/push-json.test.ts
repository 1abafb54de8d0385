import { describe, expect, test } from "vitest";
import { decodePushJson, type JsonForm } from "./push-json.ts";
import { PushedEntries } from "./pushed-entries.ts";
import { outcomeOf, shown } from "./testing.ts";

function decoded(body: string | Buffer, form: JsonForm = "today"): ReturnType<typeof shown> {
  const pushed = new PushedEntries();
  decodePushJson(Buffer.from(body), form, pushed);
  return shown(pushed);
}

const value = (text: string): unknown => decoded(`{"streams":[{"stream":{},"values":[${text}]}]}`)[0]!.entries;

describe("a push of today's form", () => {
  test("becomes streams, times, lines and metadata", () => {
    const body = {
      streams: [
        {
          stream: { env: "qa", app: "cart", none: "" },
          values: [
            ["1718000000000000001", "order placed"],
            ["-1", "before", { b: "2", a: "1" }],
          ],
        },
        { stream: { "a-b": 'q"q' }, values: null },
      ],
    };
    expect(decoded(JSON.stringify(body, null, "\t "))).toEqual([
      {
        labels: '{app="cart", env="qa"}',
        entries: [
          ["1718000000.000000001", "order placed"],
          ["-1.999999999", "before", ["b", "2"], ["a", "1"]],
        ],
      },
      { labels: '{a-b="q\\"q"}', entries: [] },
    ]);
  });

  test("takes members in any order, skips those it does not know and what follows the document", () => {
    const body =
      '{"version":[1,{"b":null}],"streams":[{"values":[["5","x"]],"hash":7,"stream":{"a":"b"}}],"more":[[]]} rest';
    expect(decoded(body)).toEqual([{ labels: '{a="b"}', entries: [["0.000000005", "x"]] }]);
  });

  test.for<[string, string, unknown]>([
    ["of one item has an empty line", '["5"]', [["0.000000005", ""]]],
    ["of no items has no time", "[]", [["-62135596800.000000000", ""]]],
    ["of four items", '["5","x",{"a":"b"},{"more":1}]', [["0.000000005", "x", ["a", "b"]]]],
    ["null counts for nothing", 'null,["5","x"]', [["0.000000005", "x"]]],
    [
      "with escapes",
      String.raw`["5","\t\n\r\"\/\\\b\f é 🦊 \ud83e x\\"]`,
      [["0.000000005", '\t\n\r"/\\\b\f é 🦊 \ufffd x\\']],
    ],
    ["with escapes in metadata", String.raw`["5","x",{"a\nb":"\"c\""}]`, [["0.000000005", "x", ["a\nb", '"c"']]]],
    ["with NUL", String.raw`["5","a\u0000b"]`, [["0.000000005", "a\0b"]]],
    ["of the largest time", '["9223372036854775807","x"]', [["9223372036.854775807", "x"]]],
  ])("an entry %s", ([, text, entries]) => expect(value(text)).toEqual(entries));

  test("a number, true or false as label counts as written", () => {
    const body = '{"streams":[{"stream":{"a":1.50,"b":true},"values":[]}]}';
    expect(decoded(body)[0]!.labels).toBe('{a="1.50", b="true"}');
  });

  test("bytes that are not UTF-8 stay what they are", () => {
    const pushed = new PushedEntries();
    const body = Buffer.concat([
      Buffer.from('{"streams":[{"values":[["5","a'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('b"]]}]}'),
    ]);
    decodePushJson(body, "today", pushed);
    expect([...pushed.bytes.subarray(pushed.lineAt[0], pushed.lineEnd[0])]).toEqual([0x61, 0xff, 0xc3, 0x62]);
  });

  test.for<[string, string]>([
    ["null", "null"],
    ["without streams", "{}"],
    ["with streams null", '{"streams":null}'],
    ["with no streams", '{"streams":[]}'],
  ])("%s has no streams", ([, body]) => expect(decoded(body)).toEqual([]));
});

describe("a push of the old form", () => {
  test("becomes streams, times and lines", () => {
    const entries = [
      { ts: "2024-06-10T06:13:20.25+02:00", line: "x" },
      { line: "y", other: 1 },
    ];
    expect(decoded(JSON.stringify({ streams: [{ labels: '{app="cart"}', entries }] }), "old")).toEqual([
      {
        labels: '{app="cart"}',
        entries: [
          ["1717992800.250000000", "x"],
          ["-62135596800.000000000", "y"],
        ],
      },
    ]);
  });

  test("at the new path has neither labels nor entries", () => {
    expect(decoded('{"streams":[{"labels":"{}","entries":[{"line":"x"}]}]}')).toEqual([{ labels: "{}", entries: [] }]);
  });

  test.for(["5", '"5"', '"2024-06-10"', '"2024-13-10T06:13:20Z"', "null"])("a time %s is refused", (ts) => {
    expect(() => decoded(`{"streams":[{"entries":[{"ts":${ts},"line":"x"}]}]}`, "old")).toThrow(
      expect.objectContaining({ code: "bad_request" }),
    );
  });
});

describe("refused is", () => {
  const values = [
    '[1718000000000000001,"x"]',
    '["","x"]',
    '["5.5","x"]',
    '["2024-06-10T06:13:20Z","x"]',
    '["0x18","x"]',
    '[null,"x"]',
    '[" 5 ","x"]',
    '["+5","x"]',
    '["-","x"]',
    '["99999999999999999999","x"]',
    '["5",42]',
    '["5",null]',
    '["5",{"a":1}]',
    '{"ts":"5"}',
    '"x"',
    '["5","x",null]',
    '["5","x","a=b"]',
    '["5","x",["a"]]',
    '["5","x",{"a":1}]',
    '["5","x",{"a":null}]',
    '["5","x"],',
    '["5","a\\x41"]',
    '["5","one\ntwo"]',
    '["5","\\u12"]',
    '["5","\\',
    '["5"',
    "[01]",
    "[tru]",
  ];
  test.for(values)("an entry %j", (text) => {
    expect(() => value(text)).toThrow(expect.objectContaining({ name: "RatatoskError", code: "bad_request" }));
  });

  const bodies = [
    "",
    "   ",
    "[]",
    '"streams"',
    "7",
    '{"streams":{}}',
    '{"streams":[null]}',
    '{"streams":[{"stream":null}]}',
    '{"streams":[{"stream":"{}"}]}',
    '{"streams":[{"stream":{"a":{}}}]}',
    '{"streams":[{"values":{}}]}',
    "{'streams':[]}",
    '{/* c */"streams":[]}',
    '\ufeff{"streams":[]}',
    '{"streams":[]',
    '{"streams":[{"values":[["5","cut o',
    '{"x":-}',
    '{"x":1e}',
    '{"x":[1 2]}',
    '{"x":{"a" 1}}',
    '{"x":nul}',
  ];
  test.for(bodies)("a body %j", (body) => {
    expect(() => decoded(body)).toThrow(expect.objectContaining({ name: "RatatoskError", code: "bad_request" }));
  });

  test("nesting without end", () => {
    expect(() => decoded(`{"x":${"[".repeat(100_000)}`)).toThrow("exceeded max depth");
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test("what JSON.parse refuses of a member is refused, what it takes is skipped", () => {
  const pieces = ["{", "}", "[", "]", ",", ":", '"a"', '"\\n"', "1", "-0.5e3", "true", "null", " ", '"'];
  let seed = 11;
  const random = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
  let taken = 0;
  const outcomes: { body: string; strict: boolean; outcome: string }[] = [];
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from({ length: 1 + random(7) }, () => pieces[random(pieces.length)]!).join("");
    const body = `{"x":${text}}`;
    const strict = isJson(body);
    taken += strict ? 1 : 0;
    // What follows the first document is not read, so more may be taken than JSON.parse takes.
    if (strict || !text.includes("}")) outcomes.push({ body, strict, outcome: outcomeOf(() => decoded(body)) });
  }
  expect(taken).toBeGreaterThan(100);
  expect(outcomes.filter(({ strict, outcome }) => strict !== (outcome === "ok"))).toEqual([]);
});
