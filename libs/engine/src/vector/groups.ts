import type { Grouping } from "@ratatosk/logql";
import type { Labels } from "@ratatosk/model";
import { type Series, seriesKey } from "../series.ts";

/** What is held of each group of series, by the labels of the group. */
export class Groups<T> {
  readonly #byKey = new Map<string, T>();
  readonly #grouping: Grouping | undefined;
  readonly #make: (labels: Labels) => T;

  constructor(grouping: Grouping | undefined, make: (labels: Labels) => T) {
    this.#grouping = grouping;
    this.#make = make;
  }

  /** The group of a series. */
  of(series: Series): T {
    const own = groupLabels(series, this.#grouping);
    const key = seriesKey(own);
    let group = this.#byKey.get(key);
    if (group === undefined) this.#byKey.set(key, (group = this.#make(own)));
    return group;
  }

  /** All groups, as they came. */
  all(): Iterable<T> {
    return this.#byKey.values();
  }
}

/** The labels of the group to which a series belongs. */
function groupLabels(series: Series, grouping: Grouping | undefined): Labels {
  if (grouping === undefined) return [];
  const { labels } = series;
  const listed = grouping.labels;
  return labels.filter(([name]) => listed.includes(name) !== grouping.without);
}
