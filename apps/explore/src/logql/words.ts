/** A word of the language, with what it does. */
export interface Word {
  readonly label: string;
  readonly info: string;
  /** What is written, where it is more than the word; `#` is where the cursor goes. */
  readonly apply?: string;
}

const call = (label: string, info: string): Word => ({ label, info, apply: `${label}({#} [5m])` });
const over = (label: string, info: string): Word => ({ label, info, apply: `${label}({#} | unwrap  [5m])` });
const group = (label: string, info: string): Word => ({ label, info, apply: `${label}(#)` });

export const functions: readonly Word[] = [
  { label: "{", info: "choose streams by their labels", apply: "{#}" },
  call("count_over_time", "lines in each window"),
  call("rate", "lines per second"),
  call("bytes_rate", "bytes per second"),
  call("bytes_over_time", "bytes in each window"),
  call("absent_over_time", "1 where there are no lines"),
  over("sum_over_time", "sum of a number in the lines"),
  over("avg_over_time", "mean of a number in the lines"),
  over("max_over_time", "largest number in the lines"),
  over("min_over_time", "smallest number in the lines"),
  over("first_over_time", "first number of the window"),
  over("last_over_time", "last number of the window"),
  over("stddev_over_time", "spread of a number in the lines"),
  over("stdvar_over_time", "variance of a number in the lines"),
  { label: "quantile_over_time", info: "quantile of a number", apply: "quantile_over_time(0.95, {#} | unwrap  [5m])" },
  over("rate_counter", "rate of a counter in the lines"),
  { label: "sum", info: "add series together", apply: "sum by (#) ()" },
  group("avg", "mean of series"),
  group("min", "smallest of series"),
  group("max", "largest of series"),
  group("count", "number of series"),
  { label: "topk", info: "the largest series", apply: "topk(10, #)" },
  { label: "bottomk", info: "the smallest series", apply: "bottomk(10, #)" },
  group("sort", "series by value, smallest first"),
  group("sort_desc", "series by value, largest first"),
  group("stddev", "spread of series"),
  group("stdvar", "variance of series"),
  { label: "label_replace", info: "a label made from another", apply: 'label_replace(#, "dst", "$1", "src", "(.*)")' },
  group("vector", "a number as a series"),
];

export const stages: readonly Word[] = [
  { label: "json", info: "fields of JSON lines" },
  { label: "logfmt", info: "fields of key=value lines" },
  { label: "pattern", info: "fields by a pattern", apply: 'pattern "#"' },
  { label: "regexp", info: "fields by named groups", apply: 'regexp "#"' },
  { label: "unpack", info: "fields that an agent packed" },
  { label: "decolorize", info: "drop colour sequences" },
  { label: "line_format", info: "write lines anew", apply: 'line_format "{{.#}}"' },
  { label: "label_format", info: "write labels anew", apply: "label_format #" },
  { label: "drop", info: "leave labels out", apply: "drop #" },
  { label: "keep", info: "only these labels", apply: "keep #" },
  { label: "unwrap", info: "a field becomes the number", apply: "unwrap #" },
];

export const ranges = ["1m", "5m", "10m", "30m", "1h", "6h", "1d"];
