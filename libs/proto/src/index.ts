export type { IngesterApi, PushAnswer, Refusal } from "./ingester.ts";
