import { expect, test } from "vitest";
import { compareWithKnown, failuresIn } from "./known-failures.ts";

const output = `✗ json: b
        expected 1
✗ errors: a ✗ b
        status 400
    1 / 2     json
1 passed, 2 failed
`;

test("the cases that do not agree are read from a suite's output", () => {
  expect(failuresIn(output)).toEqual(["errors: a ✗ b", "json: b"]);
});

test("a list of known failures may only shrink", () => {
  expect(compareWithKnown(["a", "b"], ["b", "c"])).toEqual({ broken: ["a"], repaired: ["c"] });
  expect(compareWithKnown(["a"], ["a"])).toEqual({ broken: [], repaired: [] });
});
