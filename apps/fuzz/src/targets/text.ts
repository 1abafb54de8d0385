import { noFlags, parsePromtailConfig } from "@ratatosk/agent";
import { AlloyError, formatAlloy } from "@ratatosk/alloy-syntax";
import { expandEnv, loadConfig } from "@ratatosk/config";
import { parse, parseLabelText, parseSelector, parseUnchecked, prettyPrint, print } from "@ratatosk/logql";
import { Config } from "@ratatosk/ratatosk";
import { minedText, PatternMiner } from "@ratatosk/patterns";
import { compileRegex, RegexError } from "@ratatosk/regex";
import { parseRuleFile } from "@ratatosk/ruler";
import { type LineContext, logqlFunctions, parseTemplate, TemplateError } from "@ratatosk/template";
import type { Target } from "../target.ts";

const queryWords =
  '{ } ( ) [ ] |= != |~ !~ |> | , = == > by without on group_left offset @ 5m 1h ` " \\ # and unless bool'
    .split(" ")
    .concat("json logfmt regexp pattern unpack line_format label_format drop keep unwrap ip( decolorize".split(" "))
    .concat("rate count_over_time quantile_over_time sum topk label_replace vector absent_over_time sort".split(" "));
const yamlWords = [
  "\n",
  "  ",
  "- ",
  ": ",
  "{",
  "}",
  "[",
  "]",
  "&a ",
  "*a",
  "<<: ",
  "|\n",
  "!!",
  "'",
  '"',
  "---\n",
  "#",
  "~",
  "${A:-b}",
];
const text = (input: Uint8Array): string => Buffer.from(input.buffer, input.byteOffset, input.length).toString();

/** Languages: what people write into queries, files and requests. */
export const textTargets: readonly Target[] = [
  {
    name: "logql",
    words: queryWords,
    read: (input) => {
      const query = text(input);
      const printed = print(parse(query));
      if (print(parse(printed)) !== printed) throw new Error(`is printed as ${printed}, which reads otherwise`);
      prettyPrint(parseUnchecked(query));
    },
  },
  { name: "selector", words: queryWords, read: (input) => void parseSelector(text(input)) },
  { name: "stream-labels", words: queryWords, read: (input) => void parseLabelText(text(input)) },
  {
    name: "regex",
    words:
      "( ) (?: (?P<a> (?i) [ ] [^ [:alpha:] \\p{Greek} \\Q \\E {2,5} {1000} * + ? *? | ^ $ \\b \\d . \\x{10FFFF} - \\".split(
        " ",
      ),
    refusals: [RegexError],
    read: (input) => void compileRegex(text(input)).test(subject),
  },
  {
    name: "template",
    words:
      "{{ }} {{- -}} | ( ) . .a $x := range if else end with define template block printf \" ` \\ 0x 1e9 'a' /*".split(
        " ",
      ),
    refusals: [TemplateError],
    read: (input) =>
      void parseTemplate(text(input), { name: "line", functions: logqlFunctions(context), maxOutput: 65_536 }),
  },
  {
    name: "config",
    words: yamlWords,
    read: (input) => {
      const expanded = expandEnv(text(input), { A: "a", B: "" });
      loadConfig(Config, { text: expanded, file: "config.yaml" });
    },
  },
  {
    name: "promtail-config",
    words: yamlWords,
    read: (input) => void parsePromtailConfig(text(input), "a.yaml", noFlags()),
  },
  {
    name: "alloy-config",
    words: '{ } ( ) [ ] = , . + - * / % == != && || ! " \\ // /* */ null true env( sys. \n'.split(" "),
    refusals: [AlloyError],
    read: (input) => void formatAlloy(text(input), "config.alloy"),
  },
  { name: "log-line", words: ["<_>", " ", "[", "10.0.0.1:80", "0x7f", "12ms", "Jan", "\t"], read: readLine },
  { name: "rules", words: [...yamlWords, ...queryWords], read: (input) => void parseRuleFile(text(input)) },
];

/** What a miner makes of lines, is what it makes of the pattern that it found in them. */
function readLine(input: Uint8Array): void {
  const [first, second] = [new PatternMiner(), new PatternMiner()];
  const half = input.length >>> 1;
  for (const part of [input, input.subarray(half), input.subarray(0, half)]) first.add(minedText(part), 0);
  for (const { template, total } of first.patterns()) second.addPattern(template, 0, total);
  const [lines, again] = [first, second].map((miner) => miner.patterns().reduce((sum, { total }) => sum + total, 0));
  if (lines !== again) throw new Error(`${lines} lines, ${again} by their patterns`);
}

const subject = "GET /api/v1/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 200 ok é";
const context: LineContext = { line: () => "a line", timestamp: () => 1_700_000_000_000_000_000n };
