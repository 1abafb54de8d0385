import { ApiError } from "./api-error.ts";

/** What to say of a server that gave no answer: it is not there, or the browser keeps its answers from this page. */
export async function noAnswer(base: string, cause: unknown, signal?: AbortSignal): Promise<ApiError> {
  const error = ApiError.from(cause);
  const isOther = new URL(base, location.href).origin !== location.origin;
  if (error.status !== 0 || !isOther) return error;
  if (await isThere(base, signal))
    return new ApiError(0, "The server is there, but the browser does not let this page read its answers.", {
      cause,
      advice: `This shows it, whatever it is: ratatosk explore --url ${base}. A Ratatosk lets pages in by server.http_cors_origins: ["${location.origin}"].`,
    });
  if (location.protocol === "https:" && base.startsWith("http:"))
    return new ApiError(0, error.message, { cause, advice: "A page that came by https may not ask a server by http." });
  return error;
}

/** Whether it answers anything, readable or not. */
async function isThere(base: string, signal?: AbortSignal): Promise<boolean> {
  return fetch(`${base}/ready`, { mode: "no-cors", signal: signal ?? null }).then(
    () => true,
    () => false,
  );
}
