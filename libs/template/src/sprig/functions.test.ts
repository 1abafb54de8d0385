import { expect, test } from "vitest";
import { parseTemplate } from "../template.ts";
import type { Value } from "../value.ts";
import { promtailFunctions } from "./functions.ts";

const functions = promtailFunctions(() => 1714557600_000000000n);

const run = (text: string, data: Record<string, Value>): string =>
  parseTemplate(text, { name: "pipeline_template", functions }).execute(new Map(Object.entries(data)));

/** What each expression makes of `.v`. */
const cases: readonly (readonly [v: string, results: Readonly<Record<string, string>>])[] = [
  [
    "--banana Split-- ",
    {
      '{{ Replace .v "a" "o" 1 }}': "--bonana Split-- ",
      '{{ Trim .v " -" }}': "banana Split",
      '{{ TrimLeft .v " -" }}': "banana Split-- ",
      '{{ TrimRight .v " -" }}': "--banana Split",
      '{{ TrimSuffix .v "--" }}': "--banana Split-- ",
      "{{ TrimSpace .v }}": "--banana Split--",
    },
  ],
  [
    "secret",
    {
      '{{ Hash "salt" .v }}': "9b29fc9a4e465ac68173daff91d5dc30eedb55fd4641a75c45e577e284ee7934",
      '{{ Sha2Hash "salt" .v }}': "bede90386d450cea8b77b822f8887065e4e5abf132c2f9dccfcc7fbd4cba5e35",
      "{{ sha1sum .v }}": "e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4",
      "{{ adler32sum .v }}": "147915399",
    },
  ],
  [
    "x Hello banana world x",
    {
      "{{ title .v }}": "X Hello Banana World X",
      '{{ trimAll "x" .v }}': " Hello banana world ",
      "{{ substr 1 4 .v }}": " He",
      "{{ trunc -3 .v }}": "d x",
      "{{ abbrev 6 .v }}": "x H...",
      "{{ nospace .v }}": "xHellobananaworldx",
      "{{ initials .v }}": "xHbwx",
    },
  ],
  [
    "HTTPServer two words",
    {
      "{{ quote .v }}": '"HTTPServer two words"',
      "{{ squote .v }}": "'HTTPServer two words'",
      '{{ cat "a" .v "b" }}': "a HTTPServer two words b",
      "{{ snakecase .v }}": "http_server_two_words",
      "{{ camelcase .v }}": "HttpserverTwoWords",
      "{{ kebabcase .v }}": "http-server-two-words",
      "{{ swapcase .v }}": "httpsERVER TWO WORDS",
      "{{ wrap 5 .v }}": "HTTPServer\ntwo\nwords",
      "{{ untitle .v }}": "hTTPServer two words",
      '{{ plural "one" "many" (len .v) }}': "many",
    },
  ],
  [
    "c,a,b,a",
    {
      '{{ splitList "," .v | join "-" }}': "c-a-b-a",
      '{{ splitList "," .v | first }}{{ splitList "," .v | last }}': "ca",
      '{{ index (splitList "," .v) 0 }}{{ len (splitList "," .v) }}': "c4",
      '{{ splitList "," .v | sortAlpha | join "," }}': "a,a,b,c",
      '{{ splitList "," .v | uniq | join "," }}': "c,a,b",
      '{{ rest (splitList "," .v) | join "," }}': "a,b,a",
      '{{ has "a" (splitList "," .v) }}': "true",
      '{{ list 1 "x" true | join "/" }}': "1/x/true",
      '{{ (split "," .v)._0 }}': "c",
      '{{ reverse (splitList "," .v) }}': "[a b a c]",
    },
  ],
  [
    "2.55",
    {
      "{{ int .v }} {{ int64 .v }} {{ float64 .v }}": "0 0 2.55",
      "{{ add .v 1 }} {{ sub .v 1 }} {{ mul .v 2 }} {{ div .v 2 }} {{ mod .v 3 }}": "1 -1 0 0 0",
      "{{ round .v 1 }} {{ ceil .v }} {{ floor .v }} {{ addf .v 0.5 }}": "2.6 3 2 3.05",
      "{{ max 3 (int .v) }} {{ min 3 (int .v) }} {{ toString (int .v) }}": "3 0 0",
    },
  ],
  [
    "",
    {
      '{{ default "d" .v }} {{ coalesce .none .v "c" }} {{ empty .v }}': "d c true",
      '{{ ternary "yes" "no" (eq .v "1") }}': "no",
      '{{ .none }} {{ .none | default "dm" }}': "<no value> dm",
      '{{ if hasKey . "none" }}y{{ else }}n{{ end }}': "n",
    },
  ],
  [
    '{"a":"A","b":{"c":5}}',
    {
      "{{ (fromJson .v).a }} {{ (fromJson .v).b.c }}": "A 5",
      '{{ (dict "k" .v "j" 1).j }} {{ get (dict "k" "x") "k" }}': "1 x",
      '{{ $d := dict "a" 1 }}{{ $_ := set $d "b" 2 }}{{ $d.b }}': "2",
      '{{ dict "z" 1 "a" "<&>" | toJson }}': '{"a":"\\u003c\\u0026\\u003e","z":1}',
      '{{ dict "b" 1 "a" 2 }} {{ keys (dict "k" 1) | join "," }}': "map[a:2 b:1] k",
      '{{ toJson (list 1 "a" nil 1.5 true) }}': '[1,"a",null,1.5,true]',
    },
  ],
  [
    "2024-05-01",
    {
      '{{ toDate "2006-01-02" .v | date "02.01.2006" }}': "01.05.2024",
      '{{ (toDate "2006-01-02" .v).Unix }}': "1714521600",
      '{{ htmlDate (toDate "2006-01-02" .v) }}': "2024-05-01",
      '{{ dateInZone "15:04" (toDate "2006-01-02" .v) "Asia/Tokyo" }}': "09:00",
      '{{ (toDate "2006-01-02" .v).UTC.Format "15h04" }}': "00h00",
      "{{ unixEpoch now }}": "1714557600",
    },
  ],
  [
    "b c<d>",
    {
      "{{ html .v }} {{ urlquery .v }} {{ js .v }}": "b c&lt;d&gt; b+c%3Cd%3E b c\\u003Cd\\u003E",
      '{{ slice (splitList " " .v) 0 1 }}{{ print .v "12" 1 2 }}': "[b]b c<d>121 2",
      '{{ printf "%T" .none }} {{ printf "%T" .v }}': "<nil> string",
    },
  ],
];

test.each(cases.flatMap(([v, results]) => Object.entries(results).map(([text, expected]) => [text, v, expected])))(
  "%s of %s",
  (text, v, expected) => {
    expect(run(text, { v })).toBe(expected);
  },
);

test("fail fails, and a list function refuses what is no list", () => {
  expect(() => run('{{ fail "no" }}', {})).toThrow("error calling fail: no");
  expect(() => run("{{ first 5 }}", {})).toThrow("Cannot find elements of type int");
});
