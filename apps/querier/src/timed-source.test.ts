import type { ChunkSource } from "@ratatosk/model";
import { expect, test } from "vitest";
import { TimedSource } from "./timed-source.ts";

const { signal } = new AbortController();
const everything = { tenant: "fake", matchers: [], start: 0n, end: 1n };

/** Answers about names; of values it never says anything, of series it fails. */
const source: ChunkSource = {
  select: () => Promise.withResolvers<never>().promise,
  labelNames: async () => ["app"],
  labelValues: () => Promise.withResolvers<never>().promise,
  series: () => Promise.reject(new Error("no series")),
};

test("a source that does not answer is not waited for longer than a query may take", async () => {
  const timed = new TimedSource(source, 20);
  const late = { code: "timeout", message: expect.stringContaining("request timed out") };
  await expect(timed.select(everything, signal)).rejects.toMatchObject(late);
  await expect(timed.labelValues("app", everything, signal)).rejects.toMatchObject(late);
});

test("what a source says in time is passed on", async () => {
  for (const timed of [new TimedSource(source, 60_000), new TimedSource(source, 0)]) {
    expect(await timed.labelNames(everything, signal)).toEqual(["app"]);
    await expect(timed.series(everything, signal)).rejects.toThrow("no series");
  }
});
