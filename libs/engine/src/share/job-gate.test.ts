import { expect, test } from "vitest";
import { JobGate } from "./job-gate.ts";

test("no more than so many run at once, in their order, also after one that fails", async () => {
  const gate = new JobGate(2);
  const [began, ends]: [number[], PromiseWithResolvers<number>[]] = [[], []];
  const runs = [0, 1, 2, 3, 4].map((i) => {
    ends[i] = Promise.withResolvers();
    return gate.with(() => (began.push(i), ends[i]!.promise));
  });
  expect(began).toEqual([0, 1]);
  ends[1]!.reject(new Error("damaged"));
  await expect(runs[1]).rejects.toThrow("damaged");
  expect(began).toEqual([0, 1, 2]);
  for (const i of [0, 2, 3, 4]) ends[i]!.resolve(i);
  for (const i of [0, 2, 3, 4]) expect(await runs[i]).toBe(i);
  expect(began).toEqual([0, 1, 2, 3, 4]);
});
