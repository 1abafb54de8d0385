import { expect, test } from "vitest";
import { type Alert, type AlertTimes, holds, holdsNoLonger, needsSending } from "./alert.ts";

const times: AlertTimes = { forMs: 20, keepFiringForMs: 15, resolvedRetentionMs: 100 };
const now = { labels: [["app", "cart"]] as const, annotations: [], value: 3 };

/** Plays evaluations, ten milliseconds apart: `+` the expression holds, `-` it does not. */
function play(script: string, its = times): (string | undefined)[] {
  let alert: Alert | undefined;
  return script.split("").map((sign, i) => {
    if (sign === "+") alert = holds(alert, now, i * 10, its);
    else if (alert !== undefined) alert = holdsNoLonger(alert, i * 10, its);
    return alert?.state;
  });
}

test.each([
  ["fires once it has held for its time", "++++", ["pending", "pending", "firing", "firing"]],
  ["starts anew after a gap while pending", "+-++", ["pending", undefined, "pending", "pending"]],
  ["is kept firing over a short gap", "+++-+", ["pending", "pending", "firing", "firing", "firing"]],
  ["resolves when it stays away", "+++---", ["pending", "pending", "firing", "firing", "firing", "resolved"]],
  [
    "is pending again after it resolved",
    "+++---+",
    ["pending", "pending", "firing", "firing", "firing", "resolved", "pending"],
  ],
])("an alert %s", (_, script, states) => {
  expect(play(script)).toEqual(states);
});

test("an alert without times fires and resolves at once", () => {
  expect(play("+-", { forMs: 0, keepFiringForMs: 0, resolvedRetentionMs: 5 })).toEqual(["firing", "resolved"]);
  expect(play("+--", { forMs: 0, keepFiringForMs: 0, resolvedRetentionMs: 5 }).at(-1)).toBeUndefined();
});

test("a firing alert is sent at once and again after the delay, a resolved one at once if it was sent", () => {
  const firing: Alert = { ...now, state: "firing", activeAtMs: 0, firedAtMs: 0 };
  expect(needsSending(firing, 0, 60)).toBe(true);
  expect(needsSending({ ...firing, sentAtMs: 0 }, 59, 60)).toBe(false);
  expect(needsSending({ ...firing, sentAtMs: 0 }, 60, 60)).toBe(true);
  expect(needsSending({ ...firing, sentAtMs: 0, state: "resolved", resolvedAtMs: 10 }, 10, 60)).toBe(true);
  expect(needsSending({ ...firing, state: "resolved", resolvedAtMs: 10 }, 10, 60)).toBe(false);
  expect(needsSending({ ...firing, state: "pending" }, 10, 60)).toBe(false);
});
