import { RE2JS } from "re2js";
import { expect, test } from "vitest";
import { checkRegex, compileRegex, matchesEmpty } from "./compile.ts";
import type { Regex } from "./regex.ts";

test.each([
  ["(", "missing closing ): `(`"],
  ["a)", "unexpected ): `a)`"],
  ["*", "missing argument to repetition operator: `*`"],
  ["(|+?)", "missing argument to repetition operator: `+?`"],
  ["a**", "invalid nested repetition operator: `**`"],
  ["x{2}{3}", "invalid nested repetition operator: `{2}{3}`"],
  ["[a", "missing closing ]: `[a`"],
  ["[z-a]", "invalid character class range: `z-a`"],
  ["[[:foo:]]", "invalid character class range: `[:foo:]`"],
  ["\\p{Foo}", "invalid character class range: `\\p{Foo}`"],
  ["\\p{Grek}", "invalid character class range: `\\p{Grek}`"],
  ["a{1001}", "invalid repeat count: `{1001}`"],
  ["(a{30}){40}", "invalid repeat count: `{40}`"],
  ["(?=x)", "invalid or unsupported Perl syntax: `(?=`"],
  ["(?i-)x", "invalid or unsupported Perl syntax: `(?i-)`"],
  ["(?P<n", "invalid named capture: `(?P<n`"],
  ["(?P<a b>x)", "invalid named capture: `(?P<a b>`"],
  ["\\1", "invalid escape sequence: `\\1`"],
  ["\\x{1100000}", "invalid escape sequence: `\\x{110000`"],
  ["\\", "trailing backslash at end of expression: ``"],
  [`${"(".repeat(1001)}${")".repeat(1001)}`, `expression nests too deeply: \`${"(".repeat(1001)}${")".repeat(1001)}\``],
])("%s is refused", (pattern, reason) => {
  expect(() => checkRegex(pattern)).toThrow(`error parsing regexp: ${reason}`);
});

test.each<[pattern: string, match: string[], noMatch: string[]]>([
  ["a.b", ["a\rb", "a\u2028b", "a😀b"], ["a\nb"]],
  ["(?s)a.b", ["a\nb"], []],
  ["^b", ["b"], ["a\nb"]],
  ["(?m)^b$", ["a\nb\nc"], ["a\rb"]],
  ["a$", ["ba"], ["a\n"]],
  ["\\Aa\\z", ["a"], ["aa"]],
  ["\\d\\w\\s", ["1a\t"], ["٣a ", "1é ", "1a\v", "1a\u00a0"]],
  ["[^a]", ["\n", "é"], ["a"]],
  ["(?i)k", ["K", "\u212a"], ["x"]],
  ["(?i)[r-t]", ["S", "\u017f"], ["u"]],
  ["(?i)é", ["É"], ["e"]],
  ["(?i)[^k]", ["a"], ["\u212a", "K"]],
  ["(?i:a)b", ["Ab"], ["AB"]],
  ["(?i)a(?-i)b", ["Ab"], ["AB"]],
  ["\\p{Yi}", ["ꀀ"], ["a"]],
  ["\\p{Greek}\\PL", ["α1"], ["a1", "αb"]],
  ["\\p{^Lu}", ["a"], ["A"]],
  ["[[:alpha:]][[:^digit:]]", ["a_"], ["a1"]],
  ["[]a]", ["]", "a"], ["b"]],
  ["a{,2}", ["a{,2}"], ["aa"]],
  ["\\Qa.b\\E+", ["a.bb"], ["axb"]],
  ["\\x{1F600}\\x41\\101", ["😀AA"], []],
  ["x*", ["", "y"], []],
  ["(?U)a+", ["aa"], []],
  ["[\\W\\d]", ["1", "-"], ["a"]],
  ["(a|b)*c", ["abac"], ["ab"]],
])("%s matches %j and not %j", (pattern, match, noMatch) => {
  const regex = compileRegex(pattern);
  expect(match.filter((text) => !regex.test(text))).toEqual([]);
  expect(noMatch.filter((text) => regex.test(text))).toEqual([]);
});

test("anchored means the whole text, in selectors with newlines", () => {
  const regex = compileRegex("a.*|b", { anchored: true, dotAll: true });
  expect(["a\nb", "b", "ab", "ba", "bb"].map((text) => regex.test(text))).toEqual([true, true, true, false, false]);
});

test("an expression that matches few texts tells which", () => {
  const sets = ["a|b|c", "ab?", "warn(ing)?|error", "a[0-2]", "(?:x)", "a.*", "(?i)a", "", "a{2,3}"];
  expect(sets.map((pattern) => compileRegex(pattern, { anchored: true }).setMatches?.join())).toEqual([
    "a,b,c",
    "ab,a",
    "warning,warn,error",
    "a0,a1,a2",
    "x",
    undefined,
    undefined,
    "",
    "aaa,aa",
  ]);
});

test("a prefix and required texts are known beforehand", () => {
  const required = (pattern: string) =>
    compileRegex(pattern)
      .required?.map((bytes) => Buffer.from(bytes).toString())
      .join();
  expect(required(".*deadline.*exceeded.*")).toBe("deadline");
  expect(required('status=5\\d\\d|" 5\\d\\d ')).toBe('status=5," 5');
  expect(required("user-[0-9a-f]{8}.*level")).toBe("user-");
  expect(required("x(foo|bars)y")).toBe("xfooy,xbarsy");
  expect(required("(?i)error")).toBeUndefined();
  expect(required("a*|b")).toBeUndefined();
  expect(required("\ufffd")).toBeUndefined();
  expect(compileRegex("prod-(a|b).*", { anchored: true }).prefix).toBe("prod-");
});

test("a search for literal texts alone says so", () => {
  expect(compileRegex("error|warn").literals).toEqual(["error", "warn"]);
  expect(compileRegex("error\\d").literals?.length).toBe(10);
  expect(compileRegex("error$").literals).toBeUndefined();
});

test("bytes: each invalid one counts as U+FFFD", () => {
  const regex = compileRegex("^a.b$");
  const bytes = [
    [97, 0xff, 98],
    [97, 0xff, 0xfe, 98],
    [97, 0xe2, 0x82, 98],
    [97, 0xc3, 0xa9, 98],
    [97, 0xed, 0xa0, 0x80, 98],
  ];
  expect(bytes.map((line) => regex.testBytes(Uint8Array.from(line)))).toEqual([true, false, false, true, false]);
  expect(compileRegex("a\\x{fffd}{3}b").testBytes(Uint8Array.from([97, 0xed, 0xa0, 0x80, 98]))).toBe(true);
});

test("exec finds the leftmost match with its groups", () => {
  const regex = compileRegex("(?P<verb>\\w+) (?P<path>\\S+)( (?P<code>\\d+))?");
  expect(regex.groupNames).toEqual(["", "verb", "path", "", "code"]);
  expect(regex.exec("- GET /x 200")).toEqual({ index: 2, groups: ["GET /x 200", "GET", "/x", " 200", "200"] });
  expect(regex.exec("GET /x")?.groups).toEqual(["GET /x", "GET", "/x", undefined, undefined]);
  expect(regex.exec("GET")).toBeUndefined();
});

test("a group in a repetition keeps its last value", () => {
  expect(compileRegex("(?:(a)|b)*").exec("ab")?.groups).toEqual(["ab", "a"]);
});

test.each([
  ["a(x*)b", "-ab-axxb-", "$1", "--xx-"],
  ["a(x*)b", "-ab-axxb-", "$1W", "---"],
  ["a(x*)b", "-ab-axxb-", "${1}W", "-W-xxW-"],
  ["(?P<n>a)", "a", "$n-$$-${n}-$0-$none-$", "a-$-a-a--$"],
  ["x*", "abc", "-", "-a-b-c-"],
  ["a*", "baaac", "x", "xbxcx"],
  ["", "é😀", "-", "-é-😀-"],
])("replacing %s in %s by %s gives %s", (pattern, text, replacement, result) => {
  expect(compileRegex(pattern).replaceAll(text, replacement)).toBe(result);
});

test.each(["(a+)+$", "(a|aa)+$", "(a*)*b", "a*a*a*a*a*b", "(?:a?){50}a{50}b", "(.*)*x", "(\\w+\\s?)+$", ".*.*.*=b"])(
  "%s takes no more than linear time",
  (pattern) => {
    expect(compileRegex(pattern).test(`${"a".repeat(10_000)}!`)).toBe(false);
    expect(compileRegex(pattern, { anchored: true }).test(`${"a".repeat(10_000)}!`)).toBe(false);
    expect(compileRegex(pattern).exec(`${"a".repeat(5_000)}!`)).toBeUndefined();
  },
);

test("whether the empty value matches is asked as selectors ask it", () => {
  expect([".*", ".+", "", "a|", "^$"].map(matchesEmpty)).toEqual([true, false, true, true, true]);
});

test("random expressions match what a plain linear engine matches", () => {
  for (let seed = 1; seed <= 1500; seed++) {
    const random = chance(seed);
    const pattern = randomPattern(random, 3);
    const reference = RE2JS.compile(pattern);
    const whole = RE2JS.compile(`^(?:${pattern})$`);
    const search = compileRegex(pattern);
    const anchored = compileRegex(pattern, { anchored: true });
    for (let i = 0; i < 8; i++) {
      const text = Array.from({ length: random(9) }, () => letters[random(letters.length)]).join("");
      const matched = reference.test(text);
      const groups = matched ? groupsOf(reference, text) : undefined;
      const found = {
        pattern,
        text,
        search: search.test(text),
        whole: anchored.test(text),
        groups: search.exec(text)?.groups,
      };
      expect(found).toEqual({ pattern, text, search: matched, whole: whole.test(text), groups });
      expect(search.testBytes(Buffer.from(text))).toBe(matched);
      expect(foretold(search, anchored, text)).toBe(true);
    }
  }
});

/** Whether what is known before a match agrees with the match. */
function foretold(search: Regex, anchored: Regex, text: string): boolean {
  const required = search.required?.some((bytes) => text.includes(Buffer.from(bytes).toString())) ?? true;
  const isSet = anchored.setMatches?.includes(text) ?? anchored.test(text);
  const begins = text.startsWith(anchored.prefix) || !anchored.test(text);
  return (required || !search.test(text)) && isSet === anchored.test(text) && begins;
}

const letters = ["a", "b", "c", "A", "B", "k", "\u212a", "é", "\n", " ", "1", "_", "😀"];
const atoms = [
  "a",
  "b",
  "c",
  "ab",
  ".",
  "[ab]",
  "[^a]",
  "\\w",
  "\\W",
  "\\d",
  "\\s",
  "[[:upper:]k]",
  "é",
  "\\pL",
  "😀",
  "\\b",
  "^",
  "$",
  "(?m:^)",
  "(?m:$)",
  "(?i:ak)",
  "(?i:[a-c])",
  "(?i)b",
  "(?s:.)",
  "()",
  "\\B",
];

function randomPattern(random: (limit: number) => number, depth: number): string {
  const sub = () => randomPattern(random, depth - 1);
  if (depth === 0 || random(4) === 0) return atoms[random(atoms.length)]!;
  switch (random(6)) {
    case 0:
      return `(?:${sub()}|${sub()})`;
    case 1:
      return `(${sub()})`;
    case 2: {
      const inner = `(?:${sub()})`;
      return inner + ["*", "+", "?", "{2}", "{1,3}", "*?", "+?", "??", "{0,2}", "{2,}"][random(10)]!;
    }
    default:
      return sub() + sub();
  }
}

function groupsOf(regex: RE2JS, text: string): (string | undefined)[] {
  const matcher = regex.matcher(text);
  matcher.find();
  return Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? undefined);
}

function chance(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
