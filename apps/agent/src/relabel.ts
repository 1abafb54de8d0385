import { createHash } from "node:crypto";
import { compileRegex, type Regex, type RegexMatch } from "@ratatosk/regex";

export type RelabelAction =
  | "replace"
  | "keep"
  | "drop"
  | "keepequal"
  | "dropequal"
  | "hashmod"
  | "labelmap"
  | "labeldrop"
  | "labelkeep"
  | "lowercase"
  | "uppercase";

/** A rule as it is written; what is left out has its default. */
export interface RelabelConfig {
  readonly sourceLabels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly modulus?: number;
  readonly targetLabel?: string;
  readonly replacement?: string;
  readonly action?: string;
}

/** A rule that has been checked. */
export interface RelabelRule {
  readonly action: RelabelAction;
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  readonly regex: Regex;
  readonly modulus: bigint;
  readonly targetLabel: string;
  readonly replacement: string;
}

const actions = new Set<string>([
  "replace",
  "keep",
  "drop",
  "keepequal",
  "dropequal",
  "hashmod",
  "labelmap",
  "labeldrop",
  "labelkeep",
  "lowercase",
  "uppercase",
]);
const needsTarget = new Set<RelabelAction>(["replace", "hashmod", "lowercase", "uppercase", "keepequal", "dropequal"]);
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const defaultRegex = "(.*)";

/** Checks a rule. Throws an Error that says what is wrong with it. */
export function relabelRule(config: RelabelConfig): RelabelRule {
  const action = (config.action ?? "replace").toLowerCase();
  if (!isAction(action)) throw new Error(`unknown relabel action "${config.action}"`);
  checkTarget(action, config);
  checkExtras(action, config);
  return {
    action,
    sourceLabels: config.sourceLabels ?? [],
    separator: config.separator ?? ";",
    regex: compileAnchored(config.regex ?? defaultRegex),
    modulus: BigInt(config.modulus ?? 0),
    targetLabel: config.targetLabel ?? "",
    replacement: config.replacement ?? "$1",
  };
}

const isAction = (text: string): text is RelabelAction => actions.has(text);

function compileAnchored(pattern: string): Regex {
  try {
    return compileRegex(pattern, { anchored: true, dotAll: true });
  } catch (error) {
    throw new Error(`invalid regex ${JSON.stringify(pattern)}: ${(error as Error).message}`, { cause: error });
  }
}

function checkTarget(action: RelabelAction, { targetLabel, modulus }: RelabelConfig): void {
  if (needsTarget.has(action) && !targetLabel)
    throw new Error(`relabel configuration for ${action} action requires 'target_label' value`);
  if (action === "hashmod" && !modulus)
    throw new Error("relabel configuration for hashmod action requires non-zero modulus");
  if ((action === "hashmod" || action === "lowercase" || action === "uppercase") && !labelName.test(targetLabel!))
    throw new Error(`"${targetLabel}" is invalid 'target_label' for ${action} action`);
}

function checkExtras(action: RelabelAction, config: RelabelConfig): void {
  const { sourceLabels, regex, modulus, targetLabel, replacement, separator } = config;
  const isGiven = (value: unknown, usual: unknown): boolean => value !== undefined && value !== usual;
  const more = isGiven(modulus, 0) || isGiven(replacement, "$1") || isGiven(separator, ";");
  if ((action === "keepequal" || action === "dropequal") && (more || isGiven(regex, defaultRegex)))
    throw new Error(`${action} action requires only 'source_labels' and \`target_label\`, and no other fields`);
  if ((action === "labeldrop" || action === "labelkeep") && (more || (sourceLabels ?? []).length > 0 || targetLabel))
    throw new Error(`${action} action requires only 'regex', and no other fields`);
  if (action === "labelmap" && !/^(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))(?:\w|\$(?:\{\w+\}|\w+))*$/.test(replacement ?? "$1"))
    throw new Error(`"${replacement}" is invalid 'replacement' for labelmap action`);
}

/** Applies the rules in order to labels, which it may change; undefined where a rule drops the target. */
export function relabel(labels: Map<string, string>, rules: readonly RelabelRule[]): Map<string, string> | undefined {
  for (const rule of rules) if (!apply(rule, labels)) return undefined;
  return labels;
}

/** False where the rule drops the target. */
function apply(rule: RelabelRule, labels: Map<string, string>): boolean {
  const { action, regex, targetLabel } = rule;
  const value = rule.sourceLabels.map((name) => labels.get(name) ?? "").join(rule.separator);
  switch (action) {
    case "keep":
      return regex.test(value);
    case "drop":
      return !regex.test(value);
    case "keepequal":
      return (labels.get(targetLabel) ?? "") === value;
    case "dropequal":
      return (labels.get(targetLabel) ?? "") !== value;
    case "replace":
      replace(rule, value, labels);
      return true;
    case "hashmod":
      labels.set(targetLabel, hashOf(value, rule.modulus));
      return true;
    case "lowercase":
      labels.set(targetLabel, value.toLowerCase());
      return true;
    case "uppercase":
      labels.set(targetLabel, upperCase(value));
      return true;
    case "labelmap":
      for (const [name, its] of Array.from(labels)) {
        const match = regex.exec(name);
        if (match) labels.set(expand(rule.replacement, match, regex), its);
      }
      return true;
    case "labeldrop":
      for (const name of labels.keys()) if (regex.test(name)) labels.delete(name);
      return true;
    default:
      for (const name of labels.keys()) if (!regex.test(name)) labels.delete(name);
      return true;
  }
}

function replace({ regex, targetLabel, replacement }: RelabelRule, value: string, labels: Map<string, string>): void {
  const match = regex.exec(value);
  if (match === undefined) return;
  const target = expand(targetLabel, match, regex);
  if (!labelName.test(target)) return;
  const result = expand(replacement, match, regex);
  if (result === "") labels.delete(target);
  else labels.set(target, result);
}

/** Go's Expand: `$1`, `${1}`, `$name`, `${name}`, `$$`; a name that is no group is empty. */
export function expand(template: string, match: RegexMatch, { groupNames }: Regex): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
    if (whole === "$$") return "$";
    const name = bare ?? braced!;
    const index = /^\d+$/.test(name) ? Number(name) : groupNames.indexOf(name);
    return match.groups[index] ?? "";
  });
}

/** The last eight bytes of the md5 sum, modulo. */
function hashOf(value: string, modulus: bigint): string {
  const sum = createHash("md5").update(value).digest();
  return String(sum.readBigUInt64BE(8) % modulus);
}

/** Letters that have no single capital stay, as in Go. */
const upperCase = (value: string): string =>
  Array.from(value, (char) => (char.toUpperCase().length === char.length ? char.toUpperCase() : char)).join("");
