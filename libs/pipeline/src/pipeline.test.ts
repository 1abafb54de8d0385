import { parse, type Stage } from "@ratatosk/logql";
import { type Labels, labelsFrom } from "@ratatosk/model";
import { describe, expect, test } from "vitest";
import { viewOf } from "./block-view.ts";
import { Pipeline } from "./pipeline.ts";
import { Row } from "./row.ts";

interface Outcome {
  readonly line: string;
  readonly labels: Readonly<Record<string, string>>;
}

function stagesOf(text: string): readonly Stage[] {
  const expr = parse(`{app="a"} ${text}`);
  if (expr.kind !== "log") throw new Error(`no log query: ${text}`);
  return expr.stages;
}

/** Runs a line through stages; undefined where it is dropped. Labels without those of the stream that stay. */
function run(
  stages: string,
  line: string,
  stream: Labels = [["app", "a"]],
  metadata: Labels = [],
): Outcome | undefined {
  const bytes = Buffer.from(`${line}\n`);
  const view = viewOf({
    count: 1,
    base: 1_700_000_000_000_000_000n,
    deltas: new Float64Array(1),
    lines: bytes,
    offsets: Uint32Array.of(0, bytes.length),
    metadata: metadata.map(([name, value]) => ({ name, values: [value], index: Uint32Array.of(1) })),
  });
  const pipeline = new Pipeline(stagesOf(stages), { lineUse: "lines" });
  const selection = { rows: Uint32Array.of(0), count: 1 };
  pipeline.filter(view, selection);
  if (selection.count === 0) return undefined;
  const row = new Row();
  row.openStream(stream);
  row.open(view, 0);
  if (!pipeline.run(row)) return undefined;
  return { line: row.text(), labels: Object.fromEntries(labelsOf(row)) };
}

const labelsOf = (row: Row): [string, string][] => row.labels().map(({ name, value }) => [name, value]);

const app = { app: "a" };
const broken = (details: string): Record<string, string> => ({
  ...app,
  __error__: "JSONParserErr",
  ...(details && { __error_details__: details }),
});
const noObject = "Value looks like object, but can't find closing '}' symbol";

describe("parsers make labels", () => {
  const cases: [stages: string, line: string, labels: Record<string, string>][] = [
    [
      "| json",
      '{"lvl":"warn","o":{"x":1,"y":{"z":2}},"ok":true,"n":null,"arr":[1,2],"f":1.50}',
      { ...app, lvl: "warn", o_x: "1", o_y_z: "2", ok: "true", f: "1.50" },
    ],
    ["| json", '{"9l":1,"a-b":2,"a.b":3," ":{"k":"v"}}', { ...app, _9l: "1", a_b: "2", k: "v" }],
    ["| json", '{"x":1,"y":}', { ...broken("Unknown value type"), x: "1" }],
    ["| json", '{"a":"1"} tail', { ...app, a: "1" }],
    ["| json", 'tail {"a":"1"}', broken(noObject)],
    ["| json", "", broken(noObject)],
    ["| json", '{"a":"1"', { ...broken("Value is array, but can't find closing ']' symbol"), a: "1" }],
    ["| json", '{"a":{"b":1', broken(noObject)],
    ["| json", '{"m":"caf\\u00e9 \\"q\\"\\n"}', { ...app, m: 'café "q"\n' }],
    ["| json", '{"m":"\\x"}', { ...app, m: "" }],
    ["| json", '{"k":"1","k":"2",}', { ...app, k: "1" }],
    ["| json", "{", broken("Malformed JSON error")],
    [
      '| json who="user.id", t="tags[1]", o, all="tags", no="user.age"',
      '{"user":{"id":"u1"},"tags":["x","y"],"o":{"k": 1}}',
      { ...app, who: "u1", t: "y", o: '{"k": 1}', all: '["x","y"]', no: "" },
    ],
    ['| json ua="request[\\"User-Agent\\"]"', '{"request":{"User-Agent":"curl"}}', { ...app, ua: "curl" }],
    ['| json b="b"', '{"a":1}{"b":2}', { ...app, b: "2" }],
    ['| json x="d.x", y="d.y"', '{"d":{"x":1},"d":{"y":3}}', { ...app, x: "1", y: "3" }],
    ['| json x="x"', "plain", broken("")],
    ['| json k | json k="k"', '{"k":"1"}', { ...app, k: "1" }],
    ["| logfmt", 'level=info msg="a b" dur=5ms flag empty= q=""', { ...app, level: "info", msg: "a b", dur: "5ms" }],
    ["| logfmt --keep-empty", "a=1 flag empty=", { ...app, a: "1", flag: "", empty: "" }],
    ["| logfmt", "a=1=2 b=3", { ...app, b: "3" }],
    [
      "| logfmt --strict",
      "a=1=2 b=3",
      { ...app, __error__: "LogfmtParserErr", __error_details__: "logfmt syntax error at pos 4 : unexpected '='" },
    ],
    ["| logfmt", 'good=1 bad="unterminated x=2', { ...app, good: "1" }],
    ["| logfmt", "foo.bar=1 test-dash=2 =x y=3", { ...app, foo_bar: "1", test_dash: "2", y: "3" }],
    ["| logfmt", 'foobar="x\\ny \\\\z"', { ...app, foobar: "x\ny \\z" }],
    ['| logfmt level, code="status", nope', "level=info status=200", { ...app, level: "info", code: "200", nope: "" }],
    ["| logfmt | logfmt", "x=1 x=2", { ...app, x: "1" }],
    ["| regexp `(?P<m>\\w+) (?P<p>\\S+)( (?P<s>\\d+))?`", "GET /x", { ...app, m: "GET", p: "/x", s: "" }],
    ["| regexp `(?P<n>\\d+)`", "nothing", app],
    [
      '| pattern `<ip> - - [<_>] "<method> <path> <_>" <status> <size>`',
      '1.2.3.4 - - [10/Oct] "GET /a?b HTTP/1.1" 200 23',
      { ...app, ip: "1.2.3.4", method: "GET", path: "/a?b", status: "200", size: "23" },
    ],
    ["| pattern `<method> <path>`", "POST", { ...app, method: "POST" }],
    ["| pattern `<a> bar<b>`", " bar", { ...app, a: "", b: "" }],
    ["| pattern `foo <f>`", "bar", app],
    ["| unpack", '{"lvl":"info","num":5,"_entry":"real msg"}', { ...app, lvl: "info" }],
    ["| unpack", "not json", broken("expecting json object(6), but it is not")],
  ];
  test.each(cases)("%s on %s", (stages, line, labels) => {
    expect(run(stages, line)?.labels).toEqual(labels);
  });
});

describe("a name that is taken gets _extracted", () => {
  test.each<[string, string, Labels, Labels, Record<string, string>]>([
    [
      "| logfmt",
      "level=warn app=z x=1",
      [
        ["app", "a"],
        ["level", "info"],
      ],
      [],
      { ...app, level: "info", level_extracted: "warn", app_extracted: "z", x: "1" },
    ],
    [
      "| logfmt",
      "tri=p",
      [
        ["app", "a"],
        ["tri", "s"],
      ],
      [["tri", "m"]],
      { ...app, tri: "s", tri_extracted: "p" },
    ],
    [
      "",
      "",
      [
        ["app", "a"],
        ["sm", "s"],
      ],
      [["sm", "m"]],
      { ...app, sm: "s", sm_extracted: "m" },
    ],
    ["| json", '{"id":"9"}', [["app", "a"]], [["id", "7"]], { ...app, id: "7", id_extracted: "9" }],
    [
      "| drop level | json",
      '{"level":"y"}',
      [
        ["app", "a"],
        ["level", "x"],
      ],
      [],
      { ...app, level_extracted: "y" },
    ],
  ])("%s on %s", (stages, line, stream, metadata, labels) => {
    expect(run(stages, line, stream, metadata)?.labels).toEqual(labels);
  });
});

describe("filters keep and drop lines", () => {
  const multiline = "ERROR\n at Foo";
  const cases: [stages: string, line: string, kept: boolean][] = [
    ['|= "get"', "GET /a 200", false],
    ['|~ "(?i)get"', "GET /a 200", true],
    ['|~ "^GET.*200$"', "GET /a 200", true],
    ['!= "POST" or "PUT"', "GET /a 200", true],
    ['|= "x" or "200"', "GET /a 200", true],
    ['|= ""', "", true],
    ['!= ""', "x", false],
    ['|~ ".+"', "", false],
    ['|~ "ERROR.*Foo"', multiline, false],
    ['|~ "(?s)ERROR.*Foo"', multiline, true],
    ['|~ "^ at"', multiline, false],
    ['|~ "(?m)^ at"', multiline, true],
    ['|= ip("192.168.0.0/16")', "src 192.168.1.10 ok", true],
    ['!= ip("10.0.0.0/8")', "src 192.168.1.10 ok", true],
    ['|= ip("10.0.0.7")', "at 10.0.0.7.", false],
    ['|= ip("10.0.0.7")', "at 10.0.0.7:80", true],
    ["|> `GET <_> 200`", "GET /api 200", true],
    ["|> `GET /api`", "GET /api 200", false],
    ["|> `<_> 200`", "GET /api 200", true],
    ["|> `/api <_>`", "GET /api 200", true],
    ["|> `<_>200<_>`", "GET /api 200", false],
    ["|> `<_> 200`", "a 200 b 200", false],
    ["|> `<_> bar <_>`", " bar ", false],
    ["|> `<_>bar<_>`", " bar ", true],
    ["| logfmt | code == 200", "code=200.0", true],
    ['| logfmt | code = "200"', "code=200.0", false],
    ["| logfmt | code > 1e2", "code=200.0", true],
    ["| logfmt | took == 90m", "took=1h30m", true],
    ["| logfmt | took == 1d", "took=1d", true],
    ["| logfmt | size > 1MB", "size=3mb", true],
    ["| logfmt | size >= 1.5MB", 'size="1,500 KB"', true],
    ["| logfmt | status > 400", "status=oops", true],
    ['| logfmt | status > 400 | __error__=""', "status=oops", false],
    ["| status != 200", "", false],
    ['| status != "200"', "", true],
    ['| logfmt | lvl="error" or took > 1s', "lvl=error took=oops", true],
    ['| logfmt | lvl="info" took > 1s', "lvl=error took=oops", false],
    ['| logfmt | addr = ip("10.0.0.0/8")', 'addr="client 10.0.0.7:80"', true],
    ['| logfmt | addr != ip("10.0.0.0/8")', "addr=notanip", true],
    ['| addr != ip("10.0.0.0/8")', "", false],
    ['| logfmt | foo=~"a.*"', "foo=xab", false],
  ];
  test.each(cases)("%s on %j: %s", (stages, line, kept) => {
    expect(run(stages, line) !== undefined).toBe(kept);
  });
});

describe("formats change lines and labels", () => {
  const stream: Labels = labelsFrom([
    ["app", "a"],
    ["code", "500"],
    ["n", "3"],
    ["dur", "1m30s"],
  ]);
  test.each([
    ['| line_format "{{.code}}-{{.nope}}!"', "500-!"],
    ['| line_format "{{ __line__ | upper }}"', "HELLO WÖRLD"],
    ['| line_format "{{ alignLeft 8 __line__ }}"', "hello wö"],
    ['| line_format "{{ if eq .code \\"500\\" }}E{{else}}ok{{end}}"', "E"],
    ['| line_format "{{ .dur | duration }} {{ mulf .n 1e6 }} {{ add .n \\"2\\" }}"', "90 3e+06 5"],
    ['| line_format "{{ div .n 0 }}"', "hello wörld"],
    ['| line_format "{{.code}}"', "500"],
  ])("%s", (stages, line) => {
    expect(run(stages, "hello wörld", stream)?.line).toBe(line);
  });

  test.each([
    ['| label_format class="{{ div .code 100 }}xx", c=code', { class: "5xx", c: "500" }],
    ['| label_format x="{{.code}}", y="{{.x}}"', { x: "500", y: "" }],
    ['| label_format c=code, d="{{.c}}"', { c: "500", d: "500" }],
    ['| label_format app="{{.app}}!"', { app: "a!" }],
    ["| keep code", { code: "500" }],
    ['| keep code="200", app', { app: "a" }],
    ['| drop code="200"', { code: "500", app: "a" }],
  ])("%s", (stages, labels) => {
    expect(run(stages, "x", stream)?.labels).toMatchObject(labels);
  });

  test("decolorize removes escape sequences", () => {
    expect(run("| decolorize", "\u001b[31merr\u001b[0m \u001b]0;title\u0007ok")?.line).toBe("err ok");
  });
});
