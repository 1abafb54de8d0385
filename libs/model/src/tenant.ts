import { RatatoskError } from "./errors.ts";

/** The tenant of everything when authentication is off. */
export const noAuthTenant = "fake";

const maxBytes = 150;

/** Checks a tenant id by Loki's rules and strips the metadata after the first `:`. Throws with Loki's text. */
export function parseTenant(text: string): string {
  const [id = ""] = text.split(":", 1);
  if (id === "") throw new RatatoskError("unauthenticated", "no org id");
  if (id === "." || id === "..") throw new RatatoskError("bad_request", "tenant ID is '.' or '..'");
  if (Buffer.byteLength(id) > maxBytes)
    throw new RatatoskError("bad_request", `tenant ID is too long: max ${maxBytes} characters`);
  const bad = /[^a-zA-Z0-9!\-_.*'()]/u.exec(id);
  if (bad) throw new RatatoskError("bad_request", `tenant ID '${id}' contains unsupported character '${bad[0]}'`);
  return id;
}

/** The tenants of `X-Scope-OrgID`, split at `|`, sorted, each once. */
export function parseTenants(header: string): string[] {
  return [...new Set(header.split("|").map(parseTenant))].sort();
}
