import { createLogger } from "@ratatosk/observability";
import { expect, test } from "vitest";
import type { Lines, Outlet } from "../lines.ts";
import { Origin } from "../origin.ts";
import { FanOut } from "./fan-out.ts";

test("a batch that one server's queue closes does not take a file past what the next has not got", () => {
  const origin = new Origin("file", "job", 100);
  const safe: number[] = [];
  /** Closes a batch at the second line. */
  const outlet: Outlet = {
    lines: () => {
      origin.read = 110;
      safe.push(origin.safe());
    },
    entry: () => undefined,
    ready: () => undefined,
  };
  const bytes = Buffer.from("the first\nthe second\n");
  const [starts, ends] = [Uint32Array.of(0, 10), Uint32Array.of(9, 20)];
  const time = { seconds: 0, nanos: 0 };
  const lines: Lines = { origin, labels: new Map([["a", "b"]]), bytes, starts, ends, count: 2, base: 100, time };
  new FanOut([outlet, outlet], createLogger("silent")).lines(lines);
  expect(safe).toEqual([100, 110]);
});
