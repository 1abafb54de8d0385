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
  for (const [name, { params, rest }] of Object.entries(functions)) {
    const args = descriptions[name]![0].split(" ").filter(Boolean);
    if (rest === undefined) expect([name, args.length]).toEqual([name, params.length]);
  }
});
