export { type Contracts, contracts } from "./contracts.ts";
export type { IngesterApi, PushAnswer, Refusal } from "./ingester.ts";
export type * from "./messages.ts";
