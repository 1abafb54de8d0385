export type Labels = Readonly<Record<string, string>>;

export interface Categories {
  readonly structuredMetadata?: Labels;
  readonly parsed?: Labels;
}
export interface StreamResult {
  readonly stream: Labels;
  readonly values: readonly (readonly [nanos: string, line: string, categories?: Categories])[];
}
export interface SeriesResult {
  readonly metric: Labels;
  readonly values: readonly (readonly [seconds: number, value: string])[];
}
export interface SampleResult {
  readonly metric: Labels;
  readonly value: readonly [seconds: number, value: string];
}

export interface Stats {
  readonly summary?: Readonly<Record<string, number>>;
  readonly querier?: { readonly store?: Readonly<Record<string, unknown>> };
  readonly ingester?: Readonly<Record<string, unknown>>;
}

/** The `data` of a query's answer. */
export type QueryResult = { readonly stats?: Stats } & (
  | { readonly resultType: "streams"; readonly result: readonly StreamResult[] }
  | { readonly resultType: "matrix"; readonly result: readonly SeriesResult[] }
  | { readonly resultType: "vector"; readonly result: readonly SampleResult[] }
  | { readonly resultType: "scalar"; readonly result: readonly [number, string] }
);

export interface IndexStats {
  readonly streams: number;
  readonly chunks: number;
  readonly bytes: number;
  readonly entries: number;
}
export interface Field {
  readonly label: string;
  readonly type: string;
  readonly cardinality: number;
  readonly parsers: readonly string[] | null;
}
export interface PatternSeries {
  readonly pattern: string;
  readonly level?: string;
  readonly samples: readonly (readonly [seconds: number, count: number])[];
}

/** The series of an answer, a point each where it is instant. */
export function seriesOf(result: QueryResult): readonly SeriesResult[] {
  if (result.resultType === "matrix") return result.result;
  if (result.resultType === "vector") return result.result.map(({ metric, value }) => ({ metric, values: [value] }));
  if (result.resultType === "scalar") return [{ metric: {}, values: [result.result] }];
  return [];
}
