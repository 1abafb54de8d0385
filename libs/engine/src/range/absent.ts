import type { RangeAggregation } from "@ratatosk/logql";
import { type Labels, labelsFrom } from "@ratatosk/model";
import { constantSeries, type Series } from "../series.ts";

/** 1 at every step at which no series has a sample. */
export class Absence {
  readonly #series: Series;

  constructor({ log: { matchers } }: RangeAggregation, count: number) {
    this.#series = constantSeries(absentLabels(matchers), 1, count);
  }

  take({ present }: Series): void {
    for (let k = 0; k < present.length; k++) {
      if (present[k] === 0) continue;
      this.#series.present[k] = 0;
      this.#series.values[k] = 0;
    }
  }

  finish(): Series {
    return this.#series;
  }
}

/** The labels that the selector fixes with `=`, each named by one matcher only. */
function absentLabels(matchers: RangeAggregation["log"]["matchers"]): Labels {
  const fixed = matchers.filter(
    ({ name, op }) => op === "=" && matchers.filter((other) => other.name === name).length === 1,
  );
  return labelsFrom(fixed.map(({ name, value }) => [name, value] as const));
}
