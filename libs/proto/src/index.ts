export { type Contracts, contracts } from "./contracts.ts";
export type { IngesterApi, IngesterState, IngesterStatus, PushAnswer, Refusal } from "./ingester.ts";
export type * from "./messages.ts";
export type { QuerierApi, ScanCall } from "./querier.ts";
