import { expect, test } from "vitest";
import { Breather } from "./breather.ts";

test("others get a turn while work goes on", async () => {
  const breather = new Breather(new AbortController().signal);
  const others: string[] = [];
  setImmediate(() => others.push("came"));
  while (!breather.isDue) expect(others).toEqual([]);
  await breather.rest();
  expect(others).toEqual(["came"]);
});

test("a cancelled query ends at its next rest", async () => {
  const aborter = new AbortController();
  const breather = new Breather(aborter.signal);
  aborter.abort();
  await expect(breather.rest()).rejects.toThrow(/abort/i);
});
