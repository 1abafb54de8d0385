import { expect, test } from "vitest";
import { parseMetrics, sumBy, sumOf } from "./metrics-text.ts";

const samples = parseMetrics(`# HELP lines_total Lines.
# TYPE lines_total counter
lines_total{tenant="a",reason="too \\"long\\""} 3
lines_total{tenant="b",reason="late"} 4 1700000000000
lines_total{tenant="a",reason="late"} 2
up 1
broken{
memory_bytes 1.5e+06
`);

test("samples are read with their labels", () => {
  expect(samples).toHaveLength(5);
  expect(samples[0]).toEqual({ name: "lines_total", labels: { tenant: "a", reason: 'too "long"' }, value: 3 });
  expect(sumOf(samples, "memory_bytes")).toBe(1_500_000);
  expect(sumOf(samples, "nothing")).toBeUndefined();
});

test("samples are added up by labels, the largest first", () => {
  expect(sumBy(samples, "lines_total", ["tenant"])).toEqual([
    { key: ["a"], value: 5 },
    { key: ["b"], value: 4 },
  ]);
});
