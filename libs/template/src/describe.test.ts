import { expect, test } from "vitest";
import { logqlFunctionDescriptions } from "./logql/describe.ts";
import { logqlFunctions } from "./logql/functions.ts";
import { alertFunctionDescriptions } from "./prometheus/describe.ts";
import { prometheusFunctions } from "./prometheus/functions.ts";

test.each([
  ["LogQL", logqlFunctions({ line: () => "", timestamp: () => 0n }), logqlFunctionDescriptions],
  ["alerts", prometheusFunctions(), alertFunctionDescriptions],
])("every function of %s is described, with as many arguments as it takes", (_, functions, descriptions) => {
  expect(Object.keys(descriptions)).toEqual(Object.keys(functions));
  const fixed = Object.entries(functions).filter(([, { rest }]) => rest === undefined);
  const taken = fixed.map(([name, { params }]) => [name, params.length]);
  expect(fixed.map(([name]) => [name, descriptions[name]![0].split(" ").filter(Boolean).length])).toEqual(taken);
});
