import { compareLabels, formatLabels, type Labels } from "@ratatosk/model";

/** Samples of one label set at every step of a query; where `present` is 0 there is none. */
export interface Series {
  readonly labels: Labels;
  readonly values: Float64Array;
  readonly present: Uint8Array;
}

/** Takes series one by one. What it is given is good until it returns. */
export type SeriesTaker = (series: Series) => void;

/** The steps at which a metric query is evaluated. */
export interface Steps {
  /** Unix nanoseconds of the first. */
  readonly start: bigint;
  /** Milliseconds between two; 1 where there is only one. */
  readonly step: number;
  readonly count: number;
}

export function newSeries(labels: Labels, count: number): Series {
  return { labels, values: new Float64Array(count), present: new Uint8Array(count) };
}

/** A series that has a value at every step. */
export function constantSeries(labels: Labels, value: number, count: number): Series {
  return { labels, values: new Float64Array(count).fill(value), present: new Uint8Array(count).fill(1) };
}

export const sortSeries = (series: readonly Series[]): Series[] =>
  series.toSorted((a, b) => compareLabels(a.labels, b.labels));

export const seriesKey = (labels: Labels): string => formatLabels(labels);

export const isEmpty = ({ present }: Series): boolean => !present.includes(1);
