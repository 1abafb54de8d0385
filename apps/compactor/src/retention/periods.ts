import type { Limits } from "@ratatosk/config";
import { labelsTest } from "@ratatosk/label-index";
import { parseSelector } from "@ratatosk/logql";
import type { Labels } from "@ratatosk/model";

/** How long a tenant's streams are kept; milliseconds, 0 for ever. */
export class Periods {
  readonly #rules: readonly { matches: (labels: Labels) => boolean; periodMs: number }[];
  readonly #otherwiseMs: number;

  /** Throws bad_request where a selector cannot be read. */
  constructor({ retention_period, retention_stream }: Limits) {
    this.#otherwiseMs = retention_period;
    this.#rules = retention_stream
      .toSorted((a, b) => b.priority - a.priority || a.period - b.period)
      .map(({ selector, period }) => ({
        matches: labelsTest(parseSelector(selector, { allowAll: true })),
        periodMs: period,
      }));
  }

  /** The period of the first selector, by priority, that matches; of equal priority the shorter. */
  of(labels: Labels): number {
    return this.#rules.find(({ matches }) => matches(labels))?.periodMs ?? this.#otherwiseMs;
  }

  /** The shortest that may apply to a stream. */
  get shortest(): number {
    const all = [this.#otherwiseMs, ...this.#rules.map(({ periodMs }) => periodMs)].filter((ms) => ms > 0);
    return all.length === 0 ? 0 : Math.min(...all);
  }
}
