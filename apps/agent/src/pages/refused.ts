import type { HttpResponse } from "@ratatosk/http";
import { httpStatus } from "@ratatosk/http/push";
import { RatatoskError } from "@ratatosk/model";

/** An error as a server tells it: its status, its text and a newline. What is no RatatoskError is thrown on. */
export function refused(error: unknown): HttpResponse {
  if (!(error instanceof RatatoskError)) throw error;
  const isForNow = error.code === "unavailable" || error.code === "limit_exceeded";
  return {
    status: httpStatus(error),
    headers: isForNow ? { "Retry-After": "1" } : {},
    body: `${error.publicMessage}\n`,
  };
}
