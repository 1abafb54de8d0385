import type { IncomingMessage } from "node:http";

/**
 * Pages cannot give a websocket request headers: where it has no tenant its address may name one, `?tenant=a`. Only for
 * pages of this server and of `origins`; whoever else makes a browser ask may not choose.
 */
export function nameTenant({ headers, url = "" }: IncomingMessage, origins: readonly string[]): void {
  const tenant = new URLSearchParams(url.slice(url.indexOf("?") + 1)).get("tenant");
  if (headers["x-scope-orgid"] !== undefined || tenant === null || tenant === "") return;
  const { origin, host } = headers;
  const isOurs = origin === undefined || URL.parse(origin)?.host === host;
  if (isOurs || origins.includes("*") || origins.includes(origin)) headers["x-scope-orgid"] = tenant;
}
