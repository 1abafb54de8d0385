import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { type ErrorCode, RatatoskError } from "@ratatosk/model";

const statusOf: Record<ErrorCode, status> = {
  bad_request: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  not_found: status.NOT_FOUND,
  conflict: status.ALREADY_EXISTS,
  too_large: status.OUT_OF_RANGE,
  unprocessable: status.FAILED_PRECONDITION,
  limit_exceeded: status.RESOURCE_EXHAUSTED,
  cancelled: status.CANCELLED,
  internal: status.INTERNAL,
  corrupt: status.DATA_LOSS,
  not_implemented: status.UNIMPLEMENTED,
  unavailable: status.UNAVAILABLE,
  timeout: status.DEADLINE_EXCEEDED,
};

const codeOf = new Map(Object.entries(statusOf).map(([code, number]) => [number, code as ErrorCode]));

const codeKey = "ratatosk-code";
const statusKey = "ratatosk-status";

/** An error as gRPC carries it; code and HTTP status travel in the trailer, so that the client gets the same error. */
export function toServiceError(thrown: unknown): Partial<ServiceError> {
  const error = RatatoskError.from(thrown);
  const metadata = new Metadata();
  metadata.set(codeKey, error.code);
  if (error.status !== undefined) metadata.set(statusKey, String(error.status));
  return { code: statusOf[error.code], details: error.publicMessage, metadata };
}

/** The error that a server threw; `where` is named when the server could not be reached at all. */
export function fromServiceError(thrown: unknown, where: string): RatatoskError {
  const error = thrown as ServiceError;
  if (typeof error.code !== "number") return RatatoskError.from(thrown);
  const sent = error.metadata?.get(codeKey)[0];
  const httpStatus = error.metadata?.get(statusKey)[0];
  if (typeof sent === "string" && sent in statusOf)
    return new RatatoskError(sent as ErrorCode, error.details, {
      cause: thrown,
      ...(typeof httpStatus === "string" && { status: Number(httpStatus) }),
    });
  return new RatatoskError(codeOf.get(error.code) ?? "unavailable", `${where}: ${error.details}`, { cause: thrown });
}

/** A code that came as text, `internal` where it is none of ours. */
export const readCode = (code: string): ErrorCode => (code in statusOf ? (code as ErrorCode) : "internal");
