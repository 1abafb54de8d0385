import type { QueryTerms } from "../engine.ts";

/** Terms of a query that may cost what it costs. */
export const unlimited: QueryTerms = {
  tenant: "fake",
  signal: new AbortController().signal,
  timeoutMs: 0,
  maxSeries: 0,
  maxChunks: 0,
  maxStreams: 0,
};
