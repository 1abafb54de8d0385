import type { DeleteRequest } from "./delete-request.ts";

/** Index files that queriers still hold may name what is gone already. */
const afterglowMs = 600_000;

/** The requests whose lines may still be found. */
export function pendingOf(requests: readonly DeleteRequest[], nowMs: number): DeleteRequest[] {
  return requests.filter(({ state, receipt }) => state !== "processed" || receipt.atMs + afterglowMs > nowMs);
}
