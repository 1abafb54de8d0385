import type { IncomingMessage } from "node:http";
import { type Access, type Right, tenantsFor } from "@ratatosk/access";
import { RatatoskError } from "@ratatosk/model";
import type { Route } from "./route.ts";

/** The refusal of a request whose credentials are missing or wrong. */
export class NotLetIn extends RatatoskError {
  /** The header `WWW-Authenticate`. */
  readonly challenge: string;

  constructor(challenge: string) {
    super("unauthenticated", "credentials are missing or wrong");
    this.challenge = challenge;
  }
}

/** Asks every request for credentials before a route sees it. */
export class Guard {
  readonly #access: Access;
  readonly #openPaths: ReadonlySet<string>;
  readonly #origins: readonly string[];

  /** `origins` are those whose pages may ask. */
  constructor(access: Access, openPaths: readonly string[], origins: readonly string[] = []) {
    this.#access = access;
    this.#openPaths = new Set(openPaths);
    this.#origins = origins;
  }

  /**
   * Who asks; undefined where anybody may. Leaves in `X-Scope-OrgID` the tenants of whoever asks. Throws NotLetIn, or
   * forbidden for a right or a tenant that is not theirs.
   */
  async admit(route: Route, incoming: Pick<IncomingMessage, "headers">): Promise<string | undefined> {
    if (!this.#access.isOn || this.#openPaths.has(route.path)) return undefined;
    const { headers } = incoming;
    const identity = await this.#access.identify(headers.authorization);
    if (identity === undefined) throw new NotLetIn(this.#access.challenge);
    const right = rightFor(route);
    if (right !== undefined && !identity.rights.has(right))
      throw new RatatoskError("forbidden", `${identity.name} lacks the right "${right}"`);
    // A browser sends what it was once told with whatever a page of somebody else makes it ask.
    if (
      right !== undefined &&
      headers["sec-fetch-site"] === "cross-site" &&
      !this.#origins.includes(headers.origin ?? "")
    )
      throw new RatatoskError("forbidden", "requests from pages of other sites are not taken");
    const named = headers["x-scope-orgid"];
    const tenants = tenantsFor(identity, Array.isArray(named) ? named.join("|") : named);
    if (tenants !== undefined) headers["x-scope-orgid"] = tenants;
    return identity.name;
  }
}

/** What a route asks for; undefined where it is enough to be known. */
export function rightFor({ right, tenant, methods }: Route): Right | undefined {
  if (right !== undefined) return right;
  if (tenant === "none") return undefined;
  return methods.includes("GET") ? "read" : "manage";
}
