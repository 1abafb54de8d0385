import { compareLabels, formatLabels, type Labels, labelsFrom, RatatoskError } from "@ratatosk/model";
import { type AlertTemplate, parseAlertTemplate, TemplateError } from "@ratatosk/template";
import { type Alert, type AlertTimes, type Holding, holds, holdsNoLonger } from "../alert/alert.ts";
import type { AlertingRule, RecordingRule } from "../group/rule-group.ts";

/** One series of an expression's answer. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** A sample to be written: its labels include `__name__`. A stale one says that the series has ended. */
export interface RecordedSample extends Sample {
  readonly timeMs: number;
  readonly stale: boolean;
}

/** The alerts of a rule after an evaluation at `nowMs`. Throws when two series lead to one alert, or there are too many. */
export function evaluateAlerts(
  rule: AlertingRule,
  samples: readonly Sample[],
  before: readonly Alert[],
  nowMs: number,
  { limit, externalUrl, ...times }: AlertTimes & { limit: number; externalUrl: string },
): Alert[] {
  const alerts = new Map(before.map((alert) => [formatLabels(alert.labels), alert]));
  const seen = new Set<string>();
  for (const holding of holdings(rule, samples, externalUrl)) {
    const key = formatLabels(holding.labels);
    if (seen.has(key))
      throw new RatatoskError(
        "bad_request",
        "vector contains metrics with the same labelset after applying alert labels",
      );
    seen.add(key);
    alerts.set(key, holds(alerts.get(key), holding, nowMs, times));
  }
  if (limit > 0 && seen.size > limit)
    throw new RatatoskError("limit_exceeded", `exceeded limit of ${limit} with ${seen.size} alerts`);
  for (const [key, alert] of alerts) {
    if (seen.has(key)) continue;
    const after = holdsNoLonger(alert, nowMs, times);
    if (after === undefined) alerts.delete(key);
    else alerts.set(key, after);
  }
  return [...alerts.values()].sort((a, b) => compareLabels(a.labels, b.labels));
}

function holdings(rule: AlertingRule, samples: readonly Sample[], externalUrl: string): Holding[] {
  const compile = (texts: Readonly<Record<string, string>>): [string, AlertTemplate][] =>
    Object.entries(texts).map(([name, text]) => [name, parseAlertTemplate(text, rule.name, externalUrl)]);
  const labels = compile(rule.labels);
  const annotations = compile(rule.annotations);
  return samples.map((sample) => {
    const own = sample.labels.filter(([name]) => name !== "__name__");
    const data = { labels: new Map(own), value: sample.value };
    const expand = ([name, template]: [string, AlertTemplate]): [string, string] => [name, expanded(template, data)];
    return {
      labels: labelsFrom([...own, ...labels.map(expand), ["alertname", rule.name]]),
      annotations: annotations.map(expand),
      value: sample.value,
    };
  });
}

function expanded(template: AlertTemplate, data: { labels: ReadonlyMap<string, string>; value: number }): string {
  try {
    return template.expand(data);
  } catch (error) {
    if (error instanceof TemplateError) return `<error expanding template: ${error.message}>`;
    throw error;
  }
}

/** The samples that a recording rule writes, with stale ones for the series that it wrote `before` and no longer has. */
export function evaluateRecording(
  rule: RecordingRule,
  samples: readonly Sample[],
  before: readonly Labels[],
  nowMs: number,
  limit: number,
): RecordedSample[] {
  const written = samples.map(({ labels, value }) => ({
    labels: labelsFrom([...labels, ...Object.entries(rule.labels), ["__name__", rule.name]]),
    value,
    timeMs: nowMs,
    stale: false,
  }));
  const keys = new Set(written.map(({ labels }) => formatLabels(labels)));
  if (keys.size < written.length)
    throw new RatatoskError("bad_request", "vector contains metrics with the same labelset after applying rule labels");
  if (limit > 0 && written.length > limit)
    throw new RatatoskError("limit_exceeded", `exceeded limit of ${limit} with ${written.length} series`);
  const gone = before.filter((labels) => !keys.has(formatLabels(labels)));
  return [...written, ...gone.map((labels) => ({ labels, value: NaN, timeMs: nowMs, stale: true }))];
}
