import { seededRandom } from "@ratatosk/logql/testing";
import { RatatoskError } from "@ratatosk/model";
import { describe, expect, test } from "vitest";
import { corpusOf } from "./corpus.ts";
import { mutate } from "./mutate.ts";
import { runInputs } from "./run-inputs.ts";
import { isRefusal, type Target } from "./target.ts";
import { targets } from "./targets/index.ts";

describe.each(targets.map((target) => [target.name, target] as const))("%s", (name, target) => {
  test("every sample is read without complaint", async () => {
    const samples = corpusOf(name).map((sample) => new Uint8Array(sample));
    await expect(Promise.all(samples.map(async (sample) => target.read(sample)))).resolves.toHaveLength(samples.length);
  });

  test("fifty inputs are read or refused", async () => {
    const crashes: string[] = [];
    await runInputs(
      target,
      { first: 0, count: 50, seed: 7 },
      {
        begun: () => undefined,
        crashed: (number, _input, error) => void crashes.push(`${number}: ${String(error)}`),
      },
    );
    expect(crashes).toEqual([]);
  });
});

test("an input is made again from its number and seed", () => {
  const samples = corpusOf("logql");
  const made = (seed: number): Uint8Array => mutate(samples, ["|="], seededRandom(seed));
  expect(made(5)).toEqual(made(5));
  expect(Array.from({ length: 20 }, (_, seed) => made(seed))).not.toEqual(Array.from({ length: 20 }, () => made(1)));
});

test("what a parser is meant to throw is a refusal, what it is not meant to throw is a crash", () => {
  const target: Target = { name: "a", read: () => undefined };
  expect(isRefusal(target, new RatatoskError("bad_request", "no"))).toBe(true);
  expect(isRefusal(target, new RatatoskError("internal", "no"))).toBe(false);
  expect(isRefusal(target, new TypeError("undefined is not a function"))).toBe(false);
  expect(isRefusal({ ...target, refusals: [SyntaxError] }, new SyntaxError("no"))).toBe(true);
});
