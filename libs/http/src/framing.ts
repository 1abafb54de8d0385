import type { IncomingMessage } from "node:http";

const control = /[\0-\x08\x0a-\x1f\x7f]/;

/** How the body of a request is delimited: `twice` with both a length and chunks, of which the chunks count (RFC 9112, 6.3). */
export type Framing = "sound" | "twice" | "broken";

/**
 * Node's strict parser refuses a request with Content-Length besides `Transfer-Encoding: chunked`, which some clients
 * send; its lenient one lets in more than that, and this is what keeps the rest out.
 */
export function framingOf({ headers, rawHeaders }: IncomingMessage): Framing {
  const encoding = headers["transfer-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "chunked") return "broken";
  if (rawHeaders.some((text) => control.test(text))) return "broken";
  return encoding !== undefined && headers["content-length"] !== undefined ? "twice" : "sound";
}
