import type { RangeAggregation } from "@ratatosk/logql";
import { withRoom } from "../scan/growing.ts";
import { quantile } from "../quantile.ts";
import { average, maximum, minimum, variance } from "../statistics.ts";
import { counterRate } from "./rate-counter.ts";

/** The samples of one window: positions `from` up to `to`. Times are nanoseconds. */
export interface WindowSamples {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/** The value of a window that holds at least one sample. */
export type WindowFunction = (window: WindowSamples) => number;

const valuesOf = ({ values, from, to }: WindowSamples): Float64Array => values.subarray(from, to);
const sum: WindowFunction = ({ values, from, to }) => {
  let total = 0;
  for (let i = from; i < to; i++) total += values[i]!;
  return total;
};

/** Windows hold up to millions of values: all are ordered in the same room. */
function quantiles(q: number): WindowFunction {
  let room = new Float64Array(0);
  return (window) => {
    room = withRoom(room, window.to - window.from);
    return quantile(q, valuesOf(window), room);
  };
}

/** The function of an aggregation over unwrapped samples. */
export function windowFunction({ op, param, rangeNs }: RangeAggregation): WindowFunction {
  switch (op) {
    case "rate":
      return (window) => sum(window) / (rangeNs / 1e9);
    case "rate_counter":
      return (window) => counterRate(window, rangeNs);
    case "sum_over_time":
      return sum;
    case "avg_over_time":
      return (window) => average(valuesOf(window));
    case "min_over_time":
      return (window) => minimum(valuesOf(window));
    case "max_over_time":
      return (window) => maximum(valuesOf(window));
    case "stdvar_over_time":
      return (window) => variance(valuesOf(window));
    case "stddev_over_time":
      return (window) => Math.sqrt(variance(valuesOf(window)));
    case "quantile_over_time":
      return quantiles(param!);
    case "first_over_time":
      return ({ values, from }) => values[from]!;
    case "last_over_time":
      return ({ values, to }) => values[to - 1]!;
    case "absent_over_time":
    case "count_over_time":
    case "bytes_over_time":
    case "bytes_rate":
      return ({ from, to }) => to - from;
  }
}
