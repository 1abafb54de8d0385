import { expect, test } from "vitest";
import { parseTemplate } from "./template.ts";
import { TextDict, type Value } from "./value.ts";

const labels = new TextDict([
  ["a", "1"],
  ["app", "web"],
  ["code", "500"],
]);

const data = new Map<string, Value>([
  ["name", "x"],
  ["list", ["a", "b", "c"]],
  [
    "map",
    new Map<string, Value>([
      ["k", 1n],
      ["j", new Map<string, Value>([["deep", 2.5]])],
    ]),
  ],
  ["n", 3n],
  ["f", 1e6],
  ["yes", true],
]);

const run = (text: string, value: Value = data): string => parseTemplate(text, { name: "line" }).execute(value);

test.each([
  ["plain text", "plain text"],
  ["{{.name}}-{{ .name }}", "x-x"],
  ["a  {{- .name -}}  b", "axb"],
  ["a {{- /* gone */ -}} b", "ab"],
  ["x{{/* gone */}}y", "xy"],
  ["{{ .missing }}", "<no value>"],
  ["{{ .missing.deeper }}", "<no value>"],
  ["{{ .map.j.deep }} {{ (.map).k }}", "2.5 1"],
  ['{{ index .map "k" }}{{ index .list 1 }}{{ index .map "j" "deep" }}', "1b2.5"],
  ["{{ if .yes }}a{{ else }}b{{ end }}", "a"],
  ['{{ if eq .name "a" }}A{{ else if eq .name "x" }}X{{ else }}other{{ end }}', "X"],
  ["{{ if .missing }}a{{ end }}", ""],
  ["{{ with .name }}[{{ . }}{{ $.n }}]{{ end }}", "[x3]"],
  ["{{ with .missing }}a{{ else }}none{{ end }}", "none"],
  ["{{ with .missing }}a{{ else with .name }}{{ . }}{{ end }}", "x"],
  ["{{ range .list }}{{ . }},{{ end }}", "a,b,c,"],
  ["{{ range $i, $e := .list }}{{ $i }}{{ $e }} {{ end }}", "0a 1b 2c "],
  ["{{ range $e := .list }}{{ $e }}{{ end }}", "abc"],
  ["{{ range $k, $v := .map }}{{ $k }}={{ $v }};{{ end }}", "j=map[deep:2.5];k=1;"],
  ["{{ range .missing }}x{{ else }}none{{ end }}", "none"],
  ["{{ range 3 }}{{ . }}{{ end }}", "012"],
  ['{{ range .list }}{{ if eq . "b" }}{{ continue }}{{ end }}{{ . }}{{ end }}', "ac"],
  ['{{ range .list }}{{ if eq . "b" }}{{ break }}{{ end }}{{ . }}{{ end }}', "a"],
  ["{{ $x := .name }}{{ $x = print $x $x }}{{ $x }}", "xx"],
  ["{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}", "1"],
  ["{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"],
  ['{{ define "t" }}<{{ . }}>{{ end }}{{ template "t" .name }}{{ template "t" }}', "<x><<no value>>"],
  ['{{ block "b" .n }}{{ . }}!{{ end }}', "3!"],
  [
    '{{ define "r" }}{{ if . }}{{ len . }}{{ template "r" (slice . 1) }}{{ end }}{{ end }}{{ template "r" .list }}',
    "321",
  ],
  ['{{ .name | printf "%s-%s" "a" }}', "a-x"],
  ['{{ (printf "%d" 5) | len }}', "1"],
  ["{{ 'a' }} {{ 0x10 }} {{ 1e3 }} {{ 1_000 }} {{ -3 }} {{ 017 }}", "97 16 1000 1000 -3 15"],
  ['{{ "a\\tb\\u00e9" }}{{ `raw\\n` }}', "a\tbéraw\\n"],
  ["{{ true }} {{ .list }} {{ .map }} {{ .f }}", "true [a b c] map[j:map[deep:2.5] k:1] 1e+06"],
  ["{{\n .name \n}}", "x"],
])("%s", (text, expected) => {
  expect(run(text)).toBe(expected);
});

test.each([
  ["{{ .nope }}|{{ .nope | len }}", "|0"],
  ['{{ index . "nope" }}', ""],
  ['{{ or .nope "x" }} {{ not .nope }} {{ and .a .nope }}|', "x true |"],
  ['{{ if eq .code "500" }}E{{ end }}', "E"],
  ["{{ . }}", "map[a:1 app:web code:500]"],
])("labels read as empty text where they are missing: %s", (text, expected) => {
  expect(run(text, labels)).toBe(expected);
});

test.each([
  ["{{", "template: line:1: unclosed action"],
  ["{{ .status", "template: line:1: unclosed action"],
  ["a\n{{ foo }}", 'template: line:2: function "foo" not defined'],
  ["{{ if }}{{ end }}", "template: line:1: missing value for if"],
  ["{{ if .a }}", "template: line:1: unexpected EOF"],
  ["{{ end }}", "template: line:1: unexpected {{end}}"],
  ["{{ else }}", "template: line:1: unexpected {{else}}"],
  ["{{ }}", "template: line:1: missing value for command"],
  ["{{ $x }}", 'template: line:1: undefined variable "$x"'],
  ["{{ break }}", "template: line:1: {{break}} outside {{range}}"],
  ['{{ "a }}', "template: line:1: unterminated quoted string"],
  ["{{ `a }}", "template: line:1: unterminated raw quoted string"],
  ["{{ (.a }}", "template: line:1: unclosed left paren"],
  ["{{ .a) }}", "template: line:1: unexpected right paren"],
  ["{{ .a | 5 }}", "template: line:1: non executable command in pipeline stage 2"],
  ["{{/* a", "template: line:1: unclosed comment"],
  ["{{/* a */ b }}", "template: line:1: comment ends before closing delimiter"],
  ["{{ 3x }}", 'template: line:1: bad number syntax: "3x"'],
  ["{{ .a$ }}", "template: line:1: bad character U+0024 '$'"],
  ["{{ \u0001 }}", "template: line:1: unrecognized character in action: U+0001 '\u0001'"],
  ["{{ template .a }}", 'template: line:1: unexpected ".a" in template clause'],
  ["{{ .a, }}", 'template: line:1: unexpected "," in operand'],
  ['{{ "a".b }}', 'template: line:1: unexpected . after term "\\"a\\""'],
  ["{{ if .a }}{{ else }}{{ else }}{{ end }}", "template: line:1: expected end; found {{else}}"],
  ["{{ $a, $b := .c }}{{ end }}", "template: line:1: too many declarations in command"],
  ["{{ .a\n  | foo", 'template: line:2: function "foo" not defined'],
  ["{{ .a\n  | len", "template: line:2: unclosed action started at line:1"],
  [
    '{{ define "a" }}x{{ end }}{{ define "a" }}y{{ end }}',
    'template: line:1: template: multiple definition of template "a"',
  ],
])("refuses %s", (text, message) => {
  expect(() => run(text)).toThrow(expect.objectContaining({ code: "bad_request", message }));
});

test.each([
  ["{{.foo .a}}", 'template: line:1:2: executing "line" at <.foo>: foo is not a method but has arguments'],
  [
    "{{ eq .code 500 }}",
    'template: line:1:3: executing "line" at <eq .code 500>: error calling eq: incompatible types for comparison',
  ],
  [
    "é {{ gt .a 5 }}",
    'template: line:1:6: executing "line" at <gt .a 5>: error calling gt: incompatible types for comparison',
  ],
  ["\n  {{ .a.b }}", `template: line:2:7: executing "line" at <.a.b>: can't evaluate field b in type string`],
  ["{{ len 3 }}", 'template: line:1:3: executing "line" at <len 3>: error calling len: len of type int'],
  ["{{ len }}", 'template: line:1:3: executing "line" at <len>: wrong number of args for len: want 1 got 0'],
  [
    "{{ index .a 99 }}",
    'template: line:1:3: executing "line" at <index .a 99>: error calling index: index out of range: 99',
  ],
  ["{{ range .a }}{{ end }}", `template: line:1:9: executing "line" at <.a>: range can't iterate over 1`],
  ['{{ template "x" }}', 'template: line:1:12: executing "line" at <{{template "x"}}>: template "x" not defined'],
  ["{{ printf .a | printf 5 }}", 'template: line:1:22: executing "line" at <5>: expected string; found 5'],
  [
    '{{ define "t" }}{{ .b.c }}{{ end }}{{ template "t" . }}',
    `template: line:1:21: executing "t" at <.b.c>: can't evaluate field c in type string`,
  ],
  ["{{ eq }}", 'template: line:1:3: executing "line" at <eq>: wrong number of args for eq: want at least 1 got 0'],
  ["{{ eq 1 }}", 'template: line:1:3: executing "line" at <eq 1>: error calling eq: missing argument for comparison'],
  ["{{ .a | print 1 | .b }}", 'template: line:1:18: executing "line" at <.b>: b is not a method but has arguments'],
])("fails at %s", (text, message) => {
  expect(() => run(text, labels)).toThrow(expect.objectContaining({ name: "TemplateError", message }));
});

test("hostile templates end with an error", () => {
  const doubling = `{{ $x := "abcdefgh" }}{{ range 40 }}{{ $x = print $x $x }}{{ end }}`;
  expect(() => run(doubling)).toThrow(/exceeds the limit/);
  expect(() => run("{{ range 100000 }}{{ range 100000 }}{{ end }}{{ end }}")).toThrow(/limit of 1000000 steps/);
  expect(() => run('{{ define "t" }}{{ template "t" . }}{{ end }}{{ template "t" . }}')).toThrow(
    /maximum template depth/,
  );
  expect(() => run('{{ range 100000 }}{{ printf "%99999d" 1 }}{{ end }}')).toThrow(/output exceeds the limit/);
  expect(() => run("{{ " + "(".repeat(5000))).toThrow(/unclosed|nested/);
});

test("a template says whether it is one field or plain text", () => {
  const parse = (text: string) => parseTemplate(text, { name: "line" });
  expect(parse("{{ .status }}").singleField).toBe("status");
  expect(parse("{{ .status }} ").singleField).toBeUndefined();
  expect(parse("plain").literal).toBe("plain");
  expect(parse("{{ 1 }}").literal).toBeUndefined();
});
