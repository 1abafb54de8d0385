import type { Limits } from "@ratatosk/config";
import { parse } from "@ratatosk/logql";
import { type Label, labelValue, type Matcher } from "@ratatosk/model";
import { compileRegex } from "@ratatosk/regex";

interface Mapping {
  readonly policy: string;
  readonly priority: number;
  readonly matches: (labels: readonly Label[]) => boolean;
}

/** Which policy a stream falls under, and what the policy asks of it. */
export class Policies {
  readonly #limits: Limits;
  readonly #mappings: readonly Mapping[];

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#mappings = Object.entries(limits.policy_stream_mapping)
      .flatMap(([policy, mappings]) =>
        mappings.map(({ selector, priority }) => ({ policy, priority, matches: selectorTest(selector) })),
      )
      .sort((a, b) => b.priority - a.priority);
  }

  /** The policy of the highest priority whose selector the labels match, "" where there is none. */
  of(labels: readonly Label[]): string {
    return this.#mappings.find(({ matches }) => matches(labels))?.policy ?? "";
  }

  enforcedLabels(policy: string): readonly string[] {
    return this.#limits.policy_enforced_labels[policy] ?? [];
  }

  /** Until when the policy's streams are blocked (RFC 3339), "" for not at all. */
  blockedUntil(policy: string): string {
    return this.#limits.block_ingestion_policy_until[policy] ?? "";
  }
}

function selectorTest(selector: string): (labels: readonly Label[]) => boolean {
  const expr = parse(selector);
  const tests = expr.kind === "log" ? expr.matchers.map(matcherTest) : [];
  return (labels) => tests.every((test) => test(labels));
}

function matcherTest({ name, op, value }: Matcher): (labels: readonly Label[]) => boolean {
  const of = (labels: readonly Label[]): string => labelValue(labels, name) ?? "";
  if (op === "=") return (labels) => of(labels) === value;
  if (op === "!=") return (labels) => of(labels) !== value;
  const regex = compileRegex(value, { anchored: true, dotAll: true });
  return (labels) => regex.test(of(labels)) === (op === "=~");
}
