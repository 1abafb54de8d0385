export type { Outcome } from "./run-seed.ts";
