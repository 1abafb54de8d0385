import type { ErrorCode, RatatoskError } from "@ratatosk/model";

const statusOf: Record<ErrorCode, number> = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unprocessable: 422,
  limit_exceeded: 429,
  cancelled: 499,
  internal: 500,
  corrupt: 500,
  not_implemented: 501,
  unavailable: 503,
  timeout: 504,
};

/** The HTTP status of an error. */
export const httpStatus = (error: RatatoskError): number => error.status ?? statusOf[error.code];
