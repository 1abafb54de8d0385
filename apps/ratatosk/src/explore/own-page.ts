import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { RatatoskError } from "@ratatosk/model";

/**
 * Throws where a request does not come from a page of this server, or from no page: pages of others may not read logs
 * with the credentials of whoever runs it. `name` is the host it was told to listen on.
 */
export function assertOwnPage(headers: IncomingHttpHeaders, name: string): void {
  const { host = "", origin } = headers;
  if (headers["sec-fetch-site"] === "cross-site" || (origin !== undefined && hostOf(origin) !== host.toLowerCase()))
    throw new RatatoskError("forbidden", "requests from pages of other sites are not taken");
  if (isLoopback(name) && !isLoopback(hostname(host)))
    throw new RatatoskError("forbidden", `this server is not called ${JSON.stringify(host.slice(0, 100))}`);
}

const hostOf = (origin: string): string | undefined => URL.parse(origin)?.host;

const hostname = (host: string): string => URL.parse(`http://${host}`)?.hostname ?? "";

function isLoopback(name: string): boolean {
  const bare = name.replace(/^\[|\]$/g, "");
  return bare === "localhost" || bare === "::1" || (isIP(bare) === 4 && bare.startsWith("127."));
}
