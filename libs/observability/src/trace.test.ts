import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { SpanStart } from "./span.ts";
import { beginSpan, currentTrace, inSpan, inTrace, traceWith, withTrace } from "./trace.ts";

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

/** Spans as they end: their parent, name and why they failed. */
function recorded(): unknown[][] {
  const ended: unknown[][] = [];
  traceWith({
    begin: ({ name, parent }: SpanStart) => ({
      traceparent: `00-${id}-${Buffer.from(name.padEnd(8)).toString("hex")}-01`,
      set: (attributes) => void ended.push([name, attributes]),
      end: (failure) => void ended.push([spanOf(parent), name, failure]),
    }),
  });
  return ended;
}

const spanOf = (header: string | undefined): string | undefined =>
  header === traceparent ? "caller" : header && Buffer.from(header.split("-")[2]!, "hex").toString().trim();

afterEach(() => traceWith(undefined));

test("work is a span of the work around it, and fails with it", async () => {
  const ended = recorded();
  const failing = withTrace(traceparent, () =>
    inTrace({ name: "outer" }, async (outer) => {
      outer?.set({ size: 1 });
      await inSpan({ name: "inner" }, async () => beginSpan({ name: "leaf" })?.end());
      throw new Error("no");
    }),
  );
  await expect(failing).rejects.toThrow("no");
  expect(ended).toEqual([
    ["outer", { size: 1 }],
    ["inner", "leaf", undefined],
    ["outer", "inner", undefined],
    ["caller", "outer", "no"],
  ]);
});

test("only some work begins a trace", async () => {
  const ended = recorded();
  expect(beginSpan({ name: "leaf" })).toBeUndefined();
  await inSpan({ name: "inner" }, async (span) => expect(span).toBeUndefined());
  await inTrace({ name: "outer" }, async () => undefined);
  expect(ended).toEqual([[undefined, "outer", undefined]]);
});

test("without a tracer work runs as it is", async () => {
  await withTrace(traceparent, () =>
    inTrace({ name: "outer" }, async (span) =>
      expect([span, currentTrace()?.traceparent]).toEqual([undefined, traceparent]),
    ),
  );
});
