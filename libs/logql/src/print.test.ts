import { expect, test } from "vitest";
import { parse } from "./parse.ts";
import { prettyPrint } from "./pretty.ts";
import { print } from "./print.ts";
import { randomExpr, seededRandom } from "./testing/index.ts";

test("what is printed reads as the same tree, on one line and on many", () => {
  for (let seed = 0; seed < 5000; seed++) {
    const tree = randomExpr(seededRandom(seed));
    expect(parse(print(tree))).toEqual(tree);
    expect(parse(prettyPrint(tree))).toEqual(tree);
  }
});

test("a short query stays on one line", () => {
  expect(prettyPrint(parse('sum(rate({app="cart"}|json[5m]))by(env)'))).toBe(
    'sum by (env)(rate({app="cart"} | json[5m]))',
  );
});

test("a long query is broken at its operators, functions and stages", () => {
  const query = `sum by (env) (rate({app="cart", team="checkout"} |= "payment" | json | level="error" [5m]))
    / sum by (env) (rate({app="cart", team="checkout"} |= "payment" | json [5m])) * 100 > 5`;
  expect(prettyPrint(parse(query))).toMatchInlineSnapshot(`
    "(
      (
        (
          sum by (env)(rate({app="cart", team="checkout"} |= "payment" | json | level="error"[5m]))
        /
          sum by (env)(rate({app="cart", team="checkout"} |= "payment" | json[5m]))
        )
      *
        100
      )
    >
      5
    )"
  `);
});

test("random text is parsed or refused, never a crash", () => {
  const pieces = ["{", "}", "(", ")", "[5m]", "|", "|=", "!~", '"a"', "`b`", "a", "=", ",", "by", "rate", "sum", "1"];
  const more = [
    "or",
    "and",
    "+",
    "-",
    "5m",
    "1KB",
    "json",
    "unwrap",
    "offset",
    "ip(",
    "on",
    "bool",
    "\\",
    "'",
    "é",
    "\0",
  ];
  for (let seed = 0; seed < 3000; seed++) {
    const random = seededRandom(seed);
    const text = random.many(0, 20, () => random.pick([...pieces, ...more])).join(random.pick(["", " "]));
    expect(refusal(text)).toMatch(/^$|^parse error( at line \d+, col \d+| ): /);
  }
});

test("a query with a piece cut out or doubled is parsed or refused, never a crash", () => {
  for (let seed = 0; seed < 2000; seed++) {
    const random = seededRandom(seed);
    const text = print(randomExpr(random));
    const [from, to] = [random.below(text.length), random.below(text.length)];
    expect(refusal(text.slice(0, from) + text.slice(to))).toMatch(/^$|^parse error( at line \d+, col \d+| ): /);
  }
});

function refusal(text: string): string {
  try {
    print(parse(text));
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}
