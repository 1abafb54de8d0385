import type { Label } from "@ratatosk/model";
import { describe, expect, test } from "vitest";
import type { AlertingRule, RecordingRule } from "../group/rule-group.ts";
import { evaluateAlerts, evaluateRecording, type Sample } from "./evaluate-rule.ts";

const rule: AlertingRule = {
  kind: "alerting",
  name: "Errors",
  expr: "x",
  forMs: 0,
  keepFiringForMs: 0,
  labels: { severity: "page" },
  annotations: { summary: "{{ $labels.app }} has {{ $value | humanize }} of {{ printf `%q` $labels.app }}" },
};
const terms = { limit: 0, externalUrl: "http://here", forMs: 0, keepFiringForMs: 0, resolvedRetentionMs: 900_000 };
const sample = (app: string, value = 2): Sample => ({ labels: [["app", app]], value });

describe("an alerting rule", () => {
  test("has an alert a series, with its labels and its annotations expanded", () => {
    const [alert] = evaluateAlerts(rule, [sample("cart", 2500)], [], 1000, terms);
    expect(Object.fromEntries(alert!.labels)).toEqual({ alertname: "Errors", app: "cart", severity: "page" });
    expect(alert!.annotations).toEqual([["summary", 'cart has 2.5k of "cart"']]);
  });

  test("tells what is wrong with a template in the template's place", () => {
    const broken = { ...rule, annotations: { summary: "{{ index $labels 1 2 }}" } };
    const [alert] = evaluateAlerts(broken, [sample("cart")], [], 1000, terms);
    expect(alert!.annotations[0]![1]).toMatch(/^<error expanding template: /);
  });

  test("is refused over its limit, and not at it", () => {
    const two = [sample("cart"), sample("web")];
    expect(evaluateAlerts(rule, two, [], 1000, { ...terms, limit: 2 })).toHaveLength(2);
    expect(() => evaluateAlerts(rule, two, [], 1000, { ...terms, limit: 1 })).toThrow(
      "exceeded limit of 1 with 2 alerts",
    );
  });

  test("is refused where two series lead to one alert", () => {
    const named = { ...rule, labels: { app: "same" } };
    expect(() => evaluateAlerts(named, [sample("cart"), sample("web")], [], 1000, terms)).toThrow("same labelset");
  });
});

describe("a recording rule", () => {
  const recording: RecordingRule = { kind: "recording", name: "lines:rate1m", expr: "x", labels: { team: "a" } };
  const cart: Label[] = [
    ["__name__", "lines:rate1m"],
    ["app", "cart"],
    ["team", "a"],
  ];

  test("writes its series under its name, and that one has ended", () => {
    expect(evaluateRecording(recording, [sample("cart")], [], 7, 0)).toEqual([
      { labels: cart, value: 2, timeMs: 7, stale: false },
    ]);
    expect(evaluateRecording(recording, [], [cart], 8, 0)).toEqual([
      { labels: cart, value: NaN, timeMs: 8, stale: true },
    ]);
  });

  test("is refused over its limit", () => {
    const two = [sample("cart"), sample("web")];
    expect(() => evaluateRecording(recording, two, [], 7, 1)).toThrow("exceeded limit of 1 with 2 series");
  });
});
