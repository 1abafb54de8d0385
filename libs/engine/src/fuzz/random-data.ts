import { type Labels, labelsFrom } from "@ratatosk/model";
import type { Random } from "@ratatosk/logql/testing";
import type { MemoryEntry, MemoryStream } from "../testing.ts";

export const dataStart = 1_700_000_000_000_000_000n;
export const dataSeconds = 300;

/** Streams of logfmt lines over five minutes, some at the same instant, some with structured metadata. */
export function randomStreams(random: Random): MemoryStream[] {
  const labels = random.many(1, 5, () =>
    labelsFrom([
      ["app", random.pick(["a", "b", "c"])],
      ["env", random.pick(["a", "b", ""])],
      ["level", random.pick(["", "", "c"])],
    ]),
  );
  const once = new Map<string, Labels>(labels.map((own) => [JSON.stringify(own), own]));
  return [...once.values()].map((own) => ({ labels: own, entries: randomEntries(random) }));
}

function randomEntries(random: Random): MemoryEntry[] {
  const times = random.many(0, 60, () => dataStart + BigInt(random.below(dataSeconds * 4)) * 250_000_000n);
  times.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const entries = times.map((time, i) => ({
    time,
    line: randomLine(random, i),
    ...(random.oneIn(2) && { metadata: { pod: random.pick(["a", "1", "20"]) } }),
  }));
  // What comes twice would count once.
  return [...new Map(entries.map((entry) => [`${entry.time} ${entry.line}`, entry])).values()];
}

function randomLine(random: Random, i: number): string {
  const pairs = [
    `id=${i}`,
    `n=${random.pick([1, 2, 2.5, 20, 21])}`,
    `level=${random.pick(["a", "b"])}`,
    "k=x",
    "app=z",
  ];
  return pairs.filter(() => !random.oneIn(4)).join(" ") || `plain ${i}`;
}
