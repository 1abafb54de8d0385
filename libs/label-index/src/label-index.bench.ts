import { labelsFrom } from "@ratatosk/model";
import { test } from "vitest";
import { buildIndex } from "./build-index.ts";
import { LabelIndex } from "./label-index.ts";

const streams = 100_000;
const day = { start: 1_768_435_200_000_000_000n, end: 1_768_521_600_000_000_000n };
const chunks = Array.from({ length: streams }, (_, at) => ({
  labels: labelsFrom([
    ["cluster", `cluster-${at % 3}`],
    ["namespace", `namespace-${at % 50}`],
    ["app", `app-${at % 400}`],
    ["container", `container-${at % 100}`],
    ["pod", `app-${at % 400}-${(at * 2654435761) % 2 ** 32}`],
    ["node", `node-${at % 200}`],
    ["job", `namespace-${at % 50}/app-${at % 400}`],
    ["filename", `/var/log/pods/${at}/0.log`],
    ["stream", at % 2 ? "stderr" : "stdout"],
    ["zone", `zone-${at % 3}`],
  ]),
  segment: 0,
  ordinal: at,
  minTime: day.start + BigInt(at),
  maxTime: day.start + 3_600_000_000_000n,
  entries: 100,
  bytes: 20_000,
  levels: { info: 90, error: 10 },
}));
const file = buildIndex({
  segments: [{ key: "fake/segments/2026-01-15/a.seg", bytes: 1, directory: { offset: 1, length: 1 } }],
  replaces: [],
  chunks,
});
const index = new LabelIndex(file);

test(`100,000 series with ten labels, a file of ${(file.length / 1e6).toFixed(1)} MB`, async ({ bench }) => {
  const matchers = [
    { name: "namespace", op: "=", value: "namespace-7" },
    { name: "stream", op: "!=", value: "stderr" },
    { name: "zone", op: "=", value: "zone-1" },
  ] as const;
  await bench("open", () => void new LabelIndex(file)).run();
  await bench("one value", () => void index.select([{ name: "app", op: "=", value: "app-7" }], day)).run();
  await bench("two values and one excluded", () => void index.select(matchers, day)).run();
  await bench("an expression", () => {
    index.select([{ name: "pod", op: "=~", value: "app-7-.*5" }], day);
  }).run();
  await bench("values of a label", () => void index.labelValues("namespace", [], day)).run();
});
