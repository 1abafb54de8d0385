import { expect, test } from "vitest";
import { otherDescriptions, rangeDescriptions, stageDescriptions, vectorDescriptions } from "./describe.ts";
import { parse } from "./parse.ts";
import { functionKinds, reservedWords } from "./token.ts";

const described = [
  ...[stageDescriptions, rangeDescriptions, vectorDescriptions].flatMap((part) => Object.values(part)),
  ...otherDescriptions,
];

/** Several forms are parted by a comma behind a parenthesis. */
const formsIn = (form: string): string[] => form.split(/(?<=\)), /);

test.each([...functionKinds.keys(), ...reservedWords])("the word %s is described", (word) => {
  const isNamed = ({ form, text }: { form: string; text: string }): boolean =>
    new RegExp(`\\b${word}\\b`).test(`${form} ${text}`);
  expect(described.some(isNamed)).toBe(true);
});

test.each(Object.values({ ...rangeDescriptions, ...vectorDescriptions }).flatMap(({ form }) => formsIn(form)))(
  "%s is a query",
  (form) => {
    const query = form.replace("QUERY", '{app="a"} | logfmt').replace("VECTOR", 'rate({app="a"}[5m])');
    expect(parse(query)).toBeDefined();
  },
);
