import { parseRangeDuration } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { checkRule } from "./check-rule.ts";
import type { Rule, RuleGroup } from "./rule-group.ts";

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const texts = z.record(z.string(), text).nullish();
const period = z.union([z.string(), z.number()]).transform((value, context) => {
  const ms = value === "" || value === 0 ? 0 : durationMs(String(value));
  if (ms !== undefined) return ms;
  context.addIssue({ code: "custom", message: `not a valid duration string: "${value}"` });
  return z.NEVER;
});

const RawRule = z.looseObject({
  alert: text.nullish(),
  record: text.nullish(),
  expr: text.nullish(),
  for: period.nullish(),
  keep_firing_for: period.nullish(),
  labels: texts,
  annotations: texts,
});
export type RawRule = z.infer<typeof RawRule>;

const RawGroup = z.looseObject({
  name: text.nullish(),
  interval: period.nullish(),
  limit: z.number().nullish(),
  rules: z.array(RawRule).nullish(),
});

/** Reads and checks one rule group in YAML or JSON. Throws bad_request with Loki's text. */
export function parseGroup(body: string): RuleGroup {
  return toGroup(parseYamlText(body));
}

/** Reads a rule file: `groups:` with a list of groups. Throws bad_request with Loki's text. */
export function parseRuleFile(body: string): RuleGroup[] {
  const file = z.strictObject({ groups: z.array(z.unknown()).nullish() }).safeParse(parseYamlText(body) ?? {});
  if (!file.success) throw undecodable();
  return (file.data.groups ?? []).map(toGroup);
}

function toGroup(parsed: unknown): RuleGroup {
  const raw = RawGroup.safeParse(parsed ?? {});
  if (!raw.success) throw undecodable();
  const { name, interval, limit, rules } = raw.data;
  if (name === null || name === undefined || name === "") throw bad("group 0: Groupname must not be empty");
  for (const rule of rules ?? []) checkRule(rule, name);
  return { name, intervalMs: interval ?? 0, limit: limit ?? 0, rules: (rules ?? []).map(toRule) };
}

function toRule({ alert, record, expr, for: hold, keep_firing_for, labels, annotations }: RawRule): Rule {
  const common = { expr: expr!, labels: labels ?? {} };
  if (record) return { kind: "recording", name: record, ...common };
  const times = { forMs: hold ?? 0, keepFiringForMs: keep_firing_for ?? 0 };
  return { kind: "alerting", name: alert!, ...common, ...times, annotations: annotations ?? {} };
}

function parseYamlText(body: string): unknown {
  try {
    return parseYaml(body);
  } catch {
    throw undecodable();
  }
}

function durationMs(value: string): number | undefined {
  try {
    return parseRangeDuration(value) / 1e6;
  } catch {
    return undefined;
  }
}

const undecodable = (): RatatoskError => bad("unable to decoded rule group");
const bad = (message: string): RatatoskError => new RatatoskError("bad_request", message);
