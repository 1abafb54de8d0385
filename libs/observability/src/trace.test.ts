import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { currentTrace, withTrace } from "./trace.ts";

const id = "4bf92f3577b34da6a3ce929d0e0e4736";
const traceparent = `00-${id}-00f067aa0ba902b7-01`;

test("what a request waits for belongs to its trace, what others do does not", async () => {
  const traced = withTrace(traceparent, async () => {
    await sleep(1);
    return currentTrace();
  });
  expect(currentTrace()).toBeUndefined();
  await expect(traced).resolves.toEqual({ id, traceparent });
});

test.each([
  undefined,
  "",
  "x",
  `00-${id}-00f067aa0ba902b7`,
  `00-${id.toUpperCase()}-00f067aa0ba902b7-01`,
  `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
  `00-${id}-0000000000000000-01`,
  `ff-${id}-00f067aa0ba902b7-01`,
])("%s names no trace", (header) => expect(withTrace(header, currentTrace)).toBeUndefined());
