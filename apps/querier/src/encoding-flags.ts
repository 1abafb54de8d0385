import type { IncomingHttpHeaders } from "node:http";

/** The flags of `X-Loki-Response-Encoding-Flags`, as they were sent. */
export function encodingFlags(headers: IncomingHttpHeaders): string[] {
  const header = headers["x-loki-response-encoding-flags"];
  const text = typeof header === "string" ? header : (header ?? []).join(",");
  return text === "" ? [] : text.split(",");
}
