import { expect, test } from "vitest";
import { prometheusFunctions } from "../prometheus/functions.ts";
import { promtailFunctions } from "../sprig/functions.ts";
import { parseTemplate } from "../template.ts";
import { RegexCache, regexFunctions } from "./regex.ts";

const functions = { ...prometheusFunctions(), ...promtailFunctions(), ...regexFunctions(new RegexCache()) };
const data = new Map([["path", "/api/v2/carts/16"]]);
const run = (text: string): string => parseTemplate(text, { name: "line", functions }).execute(data);

test.each([
  ['{{ .path | regexReplaceAll "[0-9]+" "N" }}', "N"],
  ['{{ regexReplaceAll "([a-z]+)/(?P<n>[0-9]+)" .path "${n}<$1>" }}', "/api/v2/16<carts>"],
  ['{{ regexReplaceAllLiteral "[0-9]+" .path "$0" }}', "/api/v$0/carts/$0"],
  ['{{ "request done" | count "e" }} {{ count "a*" "baac" }}', "3 3"],
  ['{{ match "a.c" "abc" }} {{ reReplaceAll "b+" "<$0>" "abbc" }}', "true a<bb>c"],
  ['{{ regexMatch "^a" "abbab" }} {{ regexFind "b+" "abbab" }} {{ regexFind "x" "a" }}', "true bb "],
  ['{{ regexReplaceAll "(a)(b*)" "abbab" "<$2$1>" }}', "<bba><ba>"],
  ['{{ regexFindAll "[a-z]\\\\d" "a1 b2 c3" -1 }}{{ regexFindAll "." "abc" 2 }}', "[a1 b2 c3][a b]"],
])("%s", (text, expected) => {
  expect(run(text)).toBe(expected);
});

test("a pattern that is none is an error of the execution", () => {
  expect(() => run('{{ regexReplaceAll "(" .path "" }}')).toThrow("error parsing regexp: missing closing ): `(`");
});
