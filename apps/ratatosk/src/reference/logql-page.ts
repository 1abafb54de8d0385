import {
  type Description,
  otherDescriptions,
  rangeDescriptions,
  stageDescriptions,
  vectorDescriptions,
} from "@ratatosk/logql";
import {
  alertFunctionDescriptions,
  logqlFunctionDescriptions,
  logqlFunctions,
  promtailFunctions,
} from "@ratatosk/template";
import { row } from "./table.ts";

/** The page docs/reference/logql.md. */
export function logqlPage(): string {
  return [
    head,
    forms(
      "Stages",
      'A selector, `{app="cart", env=~"prod.*"}`, is followed by any number of these.',
      Object.values(stageDescriptions),
    ),
    forms("Over a range of time", "QUERY is a selector with its stages.", Object.values(rangeDescriptions)),
    forms("Over series", "VECTOR is what a function answers.", Object.values(vectorDescriptions)),
    forms("Functions and operators", "", otherDescriptions),
    functions("Functions of templates", lineTemplates, logqlFunctionDescriptions),
    functions("Functions of alerts", alertTemplates, alertFunctionDescriptions),
    agentFunctions(),
  ].join("\n");
}

const head = `# LogQL

Every stage, function and operator of the query language, and what its templates may call. Regular expressions are RE2's. This page is made from
the code: \`npm run docs\`.
`;

const lineTemplates = `In \`line_format\` and \`label_format\`, beside what Go's templates have themselves (\`if\`, \`range\`, \`with\`, \`and\`, \`eq\`, \`len\`,
\`index\`, \`printf\` …). \`{{.app}}\` is a label.`;

const alertTemplates = `In annotations and labels of alerting rules. \`{{ $labels.app }}\` is a label of the alert, \`{{ $value }}\` its value.`;

function forms(title: string, about: string, descriptions: readonly Description[]): string {
  const rows = descriptions.map(({ form, text }) => row(`\`${form}\``, text));
  return `## ${title}\n\n${about === "" ? "" : `${about}\n\n`}| | |\n|---|---|\n${rows.join("\n")}\n`;
}

function functions(title: string, about: string, descriptions: typeof logqlFunctionDescriptions): string {
  const rows = Object.entries(descriptions).map(([name, [args, text]]) => row(`\`${`${name} ${args}`.trim()}\``, text));
  return `## ${title}\n\n${about}\n\n| function | |\n|---|---|\n${rows.join("\n")}\n`;
}

/** The agent's templates have Sprig's functions, which are described elsewhere. */
function agentFunctions(): string {
  const known = new Set(Object.keys(logqlFunctions({ line: () => "", timestamp: () => 0n })));
  const names = Object.keys(promtailFunctions()).filter((name) => !known.has(name));
  const list = names.map((name) => `\`${name}\``).join(", ");
  return `## Functions of the agent's stages\n\nThe stages \`template\` and \`replace\` have most of the functions of lines, and of Sprig: ${list}.\n`;
}
