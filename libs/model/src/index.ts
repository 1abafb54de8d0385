export { type Block, type Extent, type MetadataColumn, lineOf, metadataOf, rowFrom, timeOf } from "./block.ts";
export { type ErrorCode, RatatoskError } from "./errors.ts";
export { type Label, type Labels, compareLabels, compareText, formatLabels, labelsFrom, labelValue } from "./labels.ts";
export { parseLabels } from "./parse-labels.ts";
export type { Matcher, MatchOp } from "./matcher.ts";
export { addStats, emptyStats, type QueryStats } from "./query-stats.ts";
export { quote } from "./quote.ts";
export type {
  EntryCategories,
  MatrixResult,
  MatrixSeries,
  QueryResult,
  ResultEntry,
  ResultStream,
  ScalarResult,
  StreamsResult,
  VectorResult,
  VectorSample,
} from "./result.ts";
export {
  type BlockLocation,
  type BlockRef,
  type Chunk,
  type ChunkSource,
  type Columns,
  type Selection,
  type SourceResult,
  type StoredBlock,
  allColumns,
} from "./source.ts";
export { noAuthTenant, parseTenant, parseTenants } from "./tenant.ts";
export { TokenBucket } from "./token-bucket.ts";
export { shareWithin } from "./share-within.ts";
