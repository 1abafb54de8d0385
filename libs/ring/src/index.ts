export type { IngesterMember, Ingesters } from "./ingesters.ts";
