/** The status of what was not asked at all. */
export const unasked = -2;

/** What a server answered instead of an answer. Status 0: it could not be reached; -1: nobody waits for it any more. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly #advice: string | undefined;

  constructor(status: number, message: string, options: ErrorOptions & { readonly advice?: string } = {}) {
    super(message, options);
    this.status = status;
    this.#advice = options.advice;
  }

  static from(error: unknown): ApiError {
    if (error instanceof ApiError) return error;
    if (error instanceof Error && error.name === "AbortError") return new ApiError(-1, "cancelled", { cause: error });
    return new ApiError(0, "The server cannot be reached.", { cause: error });
  }

  /** A few words on what happened. */
  get title(): string {
    if (this.status === unasked) return "Nothing was asked";
    return this.status === 0 ? "No answer" : "The server refused";
  }

  get isCancelled(): boolean {
    return this.status === -1;
  }

  /** The message, without the JSON that some endpoints wrap it in. */
  get text(): string {
    const wrapped = /^\{.*"error":"((?:[^"\\]|\\.)*)"/s.exec(this.message)?.[1];
    return wrapped === undefined ? this.message : (JSON.parse(`"${wrapped}"`) as string);
  }

  /** What a person may do about it. */
  get advice(): string {
    if (this.#advice !== undefined) return this.#advice;
    if (this.status === 0) return "Is it running, and is its address right?";
    if (this.status === 502) return "The server behind this one does not answer. Is it running?";
    if (this.status === 401) return "This server wants a tenant: set one under ⋯.";
    if (this.status === 429) return "The server is busy; wait a moment and run again.";
    if (this.status === 504 || /timed? ?out/.test(this.message)) return "Choose a shorter time range or more labels.";
    if (/too many bytes|time range exceeds|maximum (number )?of series/.test(this.message))
      return "Choose a shorter time range or more labels.";
    if (this.status === 404) return "This server does not offer that.";
    return "";
  }
}
