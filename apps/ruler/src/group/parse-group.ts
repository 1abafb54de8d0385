import { RatatoskError } from "@ratatosk/model";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { checkRule } from "./check-rule.ts";
import { RawGroup, type RawRule } from "./raw-group.ts";
import type { Rule, RuleGroup } from "./rule-group.ts";

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
    return parseYaml(body, { logLevel: "error" });
  } catch {
    throw undecodable();
  }
}

const undecodable = (): RatatoskError => bad("unable to decoded rule group");
const bad = (message: string): RatatoskError => new RatatoskError("bad_request", message);
