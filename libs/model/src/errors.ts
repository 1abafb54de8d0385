/** What a caller can act on; `libs/http` gives each its HTTP status, `libs/rpc` its gRPC status. */
export type ErrorCode =
  | "bad_request" // 400
  | "unauthenticated" // 401
  | "forbidden" // 403
  | "not_found" // 404
  | "conflict" // 409
  | "too_large" // 413
  | "unprocessable" // 422
  | "limit_exceeded" // 429
  | "cancelled" // 499
  | "internal" // 500
  | "corrupt" // 500: stored bytes that fail their checksum or cannot be read
  | "not_implemented" // 501
  | "unavailable" // 503
  | "timeout"; // 504

/** An error that a caller may be told of. */
export class RatatoskError extends Error {
  override readonly name = "RatatoskError";
  readonly code: ErrorCode;
  /** An HTTP status other than the code's own, where Loki has one (260 for blocked ingestion). */
  readonly status: number | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions & { status?: number } = {}) {
    super(message, options);
    this.code = code;
    this.status = options.status;
  }

  /** What others may read of it: not the words of an error that nobody foresaw, which may tell of paths and of code. */
  get publicMessage(): string {
    const isForeseen =
      this.code !== "internal" || !(this.cause instanceof Error) || this.cause.message !== this.message;
    return isForeseen ? this.message : "internal error";
  }

  /** Any thrown value as a RatatoskError: unknown ones become `internal`, an AbortError `cancelled`. */
  static from(error: unknown): RatatoskError {
    if (error instanceof RatatoskError) return error;
    if (error instanceof Error && error.name === "AbortError")
      return new RatatoskError("cancelled", "the request was cancelled by the client", { cause: error });
    return new RatatoskError("internal", error instanceof Error ? error.message : String(error), { cause: error });
  }
}
