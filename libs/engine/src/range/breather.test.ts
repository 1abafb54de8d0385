import { expect, test } from "vitest";
import { Breather, turn } from "./breather.ts";

test("others have their turn between stretches of work", async () => {
  const breather = new Breather(new AbortController().signal);
  await breather.rest();
  const others: string[] = [];
  setImmediate(() => others.push("came"));
  while (!breather.isDue) expect(others).toEqual([]);
  await breather.rest();
  expect(others).toEqual(["came"]);
});

test("of much work at once there is one turn between two looks at other events", async () => {
  const seen: string[] = [];
  const look = (): void => {
    seen.push("look");
    if (seen.filter((what) => what !== "look").length < 3) setImmediate(look);
  };
  const works = ["a", "b", "c"].map((work) => turn().then(() => seen.push(work)));
  setImmediate(look);
  await Promise.all(works);
  expect(seen).toEqual(["a", "look", "b", "look", "c"]);
});

test("a rest is the end of a query that was cancelled", async () => {
  const aborter = new AbortController();
  const breather = new Breather(aborter.signal);
  aborter.abort();
  await expect(breather.rest()).rejects.toThrow(/abort/i);
});
