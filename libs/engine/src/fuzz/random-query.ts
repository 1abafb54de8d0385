import type { Random } from "@ratatosk/logql/testing";

const names = ["app", "env", "level", "n", "pod"];
const values = ["a", "b", "c", "1", "20"];

/** Queries over the data of `random-data.ts`, in text, from the part of the language that the reference knows. */
export function randomLogQuery(random: Random): string {
  return `${selector(random)}${stages(random)}`;
}

export function randomMetricQuery(random: Random, depth = 2): string {
  if (depth === 0 || random.oneIn(4)) return rangeAggregation(random);
  switch (random.below(4)) {
    case 0:
      return `(${randomMetricQuery(random, depth - 1)} ${operator(random)} ${1 + random.below(9)})`;
    case 1: {
      const [left, right] = [sum(random, depth), sum(random, depth)];
      return `(${left} ${random.pick(["+", "/", ">", "and", "or", "unless"])} ${right})`;
    }
    default:
      return vectorAggregation(random, depth);
  }
}

const sum = (random: Random, depth: number): string => `sum by (app) (${randomMetricQuery(random, depth - 1)})`;
/** Not `%`: the last bits of a mean or variance, which depend on the order of adding, decide between 0 and the whole. */
const operator = (random: Random): string => random.pick(["+", "-", "*", "/", ">", "<=", "!=", "> bool"]);

function vectorAggregation(random: Random, depth: number): string {
  const op = random.pick(["sum", "avg", "min", "max", "count", "stddev"]);
  return `${op}${grouping(random)} (${randomMetricQuery(random, depth - 1)})`;
}

function grouping(random: Random): string {
  if (random.oneIn(3)) return "";
  return ` ${random.pick(["by", "without"])} (${random.many(0, 2, () => random.pick(names)).join(",")})`;
}

function rangeAggregation(random: Random): string {
  const range = `[${random.pick(["5s", "30s", "1m", "4m"])}]${random.oneIn(4) ? ` offset ${random.pick(["10s", "-20s"])}` : ""}`;
  if (random.oneIn(2)) {
    const op = random.pick(["count_over_time", "rate", "bytes_over_time", "bytes_rate", "absent_over_time"]);
    return `${op}(${randomLogQuery(random)} ${range})`;
  }
  const op = random.pick([
    "sum_over_time",
    "avg_over_time",
    "min_over_time",
    "max_over_time",
    "first_over_time",
    "last_over_time",
    "stdvar_over_time",
    "rate",
  ]);
  const groups = op !== "sum_over_time" && op !== "rate" ? grouping(random) : "";
  return `${op}(${selector(random)}${stages(random)} | unwrap n ${range})${groups}`;
}

function selector(random: Random): string {
  const extra = random.many(
    0,
    1,
    () => `, ${random.pick(["env", "level"])}${random.pick(["=", "!="])}"${random.pick(values)}"`,
  );
  return `{app=~"${random.pick(["a", "a|b", ".+", "b|c"])}"${extra.join("")}}`;
}

/** A parser comes before the filters on labels, these before `drop`: Loki asks them at once when a parser sets the label. */
function stages(random: Random): string {
  const before = random.many(0, 2, () => (random.oneIn(4) ? selection(random) : lineFilter(random)));
  const parser = random.oneIn(3) ? [] : random.many(1, 2, () => " | logfmt");
  const filters = random.many(0, 2, () => random.pick([lineFilter, labelFilter, labelFilter])(random));
  const after = random.many(0, 1, () => selection(random));
  return [...before, ...parser, ...filters, ...after].join("");
}

function lineFilter(random: Random): string {
  if (random.oneIn(2)) return ` ${random.pick(["|=", "!="])} "${random.pick(["n=1", "a", "x", "=", ""])}"`;
  return ` ${random.pick(["|~", "!~"])} "${random.pick(["n=[0-9]+ ", "^k", "(?i)LEVEL", "a|b", "x$"])}"`;
}

function labelFilter(random: Random): string {
  if (random.oneIn(2)) return ` | n ${random.pick([">", "<=", "=="])} ${random.below(30)}`;
  return ` | ${random.pick(names)}${random.pick(["=", "!="])}"${random.pick([...values, ""])}"`;
}

function selection(random: Random): string {
  return ` | ${random.pick(["drop", "keep"])} ${random.many(1, 2, () => random.pick(names)).join(", ")}`;
}
