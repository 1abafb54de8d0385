import type { IncomingMessage, ServerResponse } from "node:http";

const kept = "86400";

/**
 * Lets pages that come from one of `origins` (`*`: any) read the answer in a browser. True where the browser only asked
 * whether it may: then it has been answered.
 */
export function allowOrigin(incoming: IncomingMessage, outgoing: ServerResponse, origins: readonly string[]): boolean {
  const { origin } = incoming.headers;
  if (origin === undefined || !(origins.includes("*") || origins.includes(origin))) return false;
  outgoing.setHeader("Access-Control-Allow-Origin", origin);
  outgoing.setHeader("Vary", "Origin");
  const asked = incoming.headers["access-control-request-method"];
  if (incoming.method !== "OPTIONS" || asked === undefined) return false;
  outgoing
    .writeHead(204, {
      "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
      "Access-Control-Allow-Headers": incoming.headers["access-control-request-headers"] ?? "",
      "Access-Control-Max-Age": kept,
    })
    .end();
  return true;
}
