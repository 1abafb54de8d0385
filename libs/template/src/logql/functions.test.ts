import { expect, test } from "vitest";
import { parseTemplate } from "../template.ts";
import { TextDict } from "../value.ts";
import { logqlFunctions } from "./functions.ts";

const labels = new TextDict([
  ["app", "a"],
  ["code", "500"],
  ["n", "3"],
  ["dur", "1m30s"],
  ["path", "/api/v2/carts/16"],
  ["user", "boris"],
  ["size", "3.5MB"],
]);

const functions = logqlFunctions({
  line: () => "hello wörld",
  timestamp: () => 1768471212000000003n,
  now: () => 1714557600_123000000n,
});
const run = (text: string): string => parseTemplate(text, { name: "line", functions }).execute(labels);

test.each([
  ["{{.code}}-{{.nope}}!", "500-!"],
  ["{{ __line__ | upper }}", "HELLO WÖRLD"],
  ["{{ __line__ | trunc 8 }}", "hello w\udcc3"],
  ["{{ __line__ | trunc -4 }}", "\udcb6rld"],
  ["{{ len __line__ }} {{ __line__ | trunc 8 | len }}", "12 8"],
  ["{{ alignLeft 8 __line__ }}", "hello wö"],
  ['{{ if eq .code "500" }}E{{else}}ok{{end}}', "E"],
  ['{{ .dur | duration }} {{ mulf .n 1e6 }} {{ add .n "2" }}', "90 3e+06 5"],
  ["{{ div .code 100 }}xx", "5xx"],
  ['{{ title "two words" }} {{ lower "ÄB" }} {{ ToUpper .user }}', "Two Words äb BORIS"],
  ['{{ .path | replace "/api" "" | trimPrefix "/" }}', "v2/carts/16"],
  [
    '{{ Replace .path "/" "-" 1 }} {{ Replace "aaa" "a" "b" -1 }} {{ Replace "ab" "" "." -1 }}',
    "-api/v2/carts/16 bbb .a.b.",
  ],
  ['{{ .path | TrimPrefix "/api" }} {{ TrimSuffix "a.log" ".log" }} {{ TrimSpace " x " }}', "/api a x"],
  [
    '{{ trim "  x " }}|{{ trimAll "/" .path }}|{{ trimSuffix "e" "Pipe" }}|{{ TrimLeft "/a" .path }}|',
    "x|api/v2/carts/16|Pip||",
  ],
  ['{{ Trim "xxaxx" "x" }}{{ TrimRight "bxx" "x" }}', "ab"],
  ["{{ substr 0 2 .user }} {{ substr -1 3 .user }} {{ substr 2 -1 .user }} {{ substr 1 99 .user }}", "bo bor ris oris"],
  ['{{ .path | contains "carts" }} {{ hasPrefix "/api" .path }} {{ hasSuffix "9" .path }}', "true true false"],
  ["{{ .user | repeat 2 }} {{ .user | indent 2 }} {{ .user | nindent 1 }}", "borisboris   boris \n boris"],
  [
    "{{ .user | alignLeft 6 }}|{{ .user | alignRight 6 }}|{{ alignRight 2 .user }}|{{ alignLeft -1 .user }}",
    "boris | boris|is|boris",
  ],
  ['{{ .nosuch }}|{{ .nosuch | default "none" }}|{{ default "d" .user }}', "|none|boris"],
  ['{{ .user | b64enc }} {{ .user | b64enc | b64dec }} {{ b64dec "Ym9yaXM" }}', "Ym9yaXM= boris boris"],
  ['{{ b64dec "!" }}', "illegal base64 data at input byte 0"],
  ['{{ "a b&c" | urlencode }} {{ "a%20b+c" | urldecode }}', "a+b%26c a b c"],
  ["{{ add 1 2 3 }} {{ sub 10 3 }} {{ mul 2 3 4 }} {{ div 10 3 }} {{ mod 10 3 }} {{ div -7 2 }}", "6 7 24 3 1 -3"],
  [
    "{{ addf 1.5 2 }} {{ subf 10 2.5 }} {{ mulf 1.5 2 }} {{ divf 10 4 }} {{ addf 0.1 0.2 }} {{ divf 1 3 }}",
    "3.5 7.5 3 2.5 0.3 0.3333333333333333",
  ],
  ["{{ round 3.14159 2 }} {{ ceil 1.2 }} {{ floor 1.8 }} {{ round 2.5 0 }} {{ round -2.5 0 }}", "3.14 2 1 3 -3"],
  ["{{ max 1 3 2 }} {{ min 1 3 2 }} {{ maxf 1.5 2.5 }} {{ minf 1.5 2.5 }}", "3 1 2.5 1.5"],
  [
    '{{ int "42" }} {{ int "2.7" }} {{ int "0x10" }} {{ int "010" }} {{ int "x" }} {{ int true }} {{ float64 "1.5" }} {{ int 2.9 }}',
    "42 2 16 8 0 1 1.5 2",
  ],
  [
    '{{ .size | bytes }} {{ bytes "1KiB" }} {{ bytes "1,024" }} {{ bytes "1.5B" }} {{ duration_seconds "900us" }} {{ duration "0" }}',
    "3.5e+06 1024 1024 1 0.0009 0",
  ],
  ['{{ range $k, $v := fromJson `{"b":1,"a":[2,null]}` }}{{ $k }}={{ $v }};{{ end }}', "a=[2 <nil>];b=1;"],
  ['{{ fromJson "broken" }}', "<no value>"],
  ['{{ (fromJson `{"a":{"b":1e6}}`).a.b }}', "1e+06"],
  ['{{ __timestamp__ | date "2006-01-02T15:04:05.000Z07:00" }}', "2026-01-15T10:00:12.000Z"],
  [
    "{{ __timestamp__ | unixEpoch }} {{ __timestamp__ | unixEpochMillis }} {{ __timestamp__ | unixEpochNanos }}",
    "1768471212 1768471212000 1768471212000000003",
  ],
  ['{{ toDate "2006-01-02T15:04:05Z07:00" "2026-01-15T10:03:00Z" | date "15:04" }}', "10:03"],
  ['{{ toDate "2006" "x" }}', "0001-01-01 00:00:00 +0000 UTC"],
  ['{{ toDateInZone "2006-01-02 15:04" "Europe/Berlin" "2026-07-15 10:03" | unixEpoch }}', "1784102580"],
  ['{{ now | date "2006-01-02 15:04:05.999" }}', "2024-05-01 10:00:00.123"],
  ['{{ date "Mon Jan _2" 1714557600 }}', "Wed May  1"],
  [
    '{{ unixToTime "19843" | date "2006-01-02" }} {{ unixToTime "1714557600123" | date "05.000" }}',
    "2024-04-30 00.123",
  ],
  ["{{ __timestamp__ }}", "2026-01-15 10:00:12.000000003 +0000 UTC"],
])("%s", (text, expected) => {
  expect(run(text)).toBe(expected);
});

test.each([
  ["{{ div .n 0 }}", "error calling div: runtime error: integer divide by zero"],
  [
    "{{ .user | div 2 }}",
    'template: line:1:11: executing "line" at <div 2>: error calling div: runtime error: integer divide by zero',
  ],
  ["{{ .user | duration }}", 'error calling duration: time: invalid duration "boris"'],
  ['{{ duration "90" }}', 'time: missing unit in duration "90"'],
  ['{{ duration "1d" }}', 'time: unknown unit "d" in duration "1d"'],
  ['{{ bytes "-1" }}', 'strconv.ParseFloat: parsing "": invalid syntax'],
  ['{{ urldecode "%zz" }}', 'invalid URL escape "%zz"'],
  ["{{ substr 3 2 .user }}", "runtime error: slice bounds out of range [3:2]"],
  ['{{ unixToTime "123" }}', "unexpected length 3"],
  ["{{ repeat 999999999 .user }}", "exceeds the limit"],
  ['{{ indent 999999 (repeat 99999 "\\n") }}', "exceeds the limit"],
  ["{{ trunc .n .user }}", "wrong type for value; expected int; got string"],
  ["{{ lower 5 }}", "expected string; found 5"],
])("%s fails", (text, message) => {
  expect(() => run(text)).toThrow(message);
});
