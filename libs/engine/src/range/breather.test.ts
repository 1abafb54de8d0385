import { expect, test } from "vitest";
import { Breather } from "./breather.ts";

test("others get a turn while work goes on", async () => {
  const breather = new Breather(new AbortController().signal);
  let turns = 0;
  const other = setInterval(() => turns++, 0);
  while (turns < 3) if (breather.isDue) await breather.rest();
  clearInterval(other);
  expect(turns).toBe(3);
});

test("a cancelled query ends at its next rest", async () => {
  const aborter = new AbortController();
  const breather = new Breather(aborter.signal);
  aborter.abort();
  await expect(breather.rest()).rejects.toThrow(/abort/i);
});
