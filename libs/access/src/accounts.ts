import { timingSafeEqual } from "node:crypto";
import { ConfigError } from "@ratatosk/config";
import { parseTenant, RatatoskError } from "@ratatosk/model";
import type { Accounts } from "./config.ts";
import { type Identity, onlyTenant } from "./identity.ts";
import { type PasswordHash, readPasswordHash } from "./password-hash.ts";
import { digestOf, readTokenHash } from "./token-hash.ts";

interface User {
  readonly identity: Identity;
  readonly hash: PasswordHash;
}

interface Token {
  readonly identity: Identity;
  readonly digest: Buffer;
}

/** Users and tokens, checked. */
export class KnownAccounts {
  readonly users: ReadonlyMap<string, User>;
  readonly #tokens: readonly Token[];

  /** Throws ConfigError: `FILE: auth.users.0.tenants: …`. */
  constructor({ users, tokens }: Accounts, isTenanted: boolean, place: string) {
    const known = new Map<string, User>();
    for (const [i, user] of users.entries()) {
      const at = `${place}users.${i}`;
      const hash = readPasswordHash(user.password_hash);
      if (hash === undefined) throw new ConfigError(`${at}.password_hash: expected what \`ratatosk auth hash\` prints`);
      if (known.has(user.name)) throw new ConfigError(`${at}.name: there are two users ${user.name}`);
      known.set(user.name, { identity: identityOf(user, isTenanted, at), hash });
    }
    this.users = known;
    this.#tokens = tokens.map((token, i) => tokenOf(token, isTenanted, `${place}tokens.${i}`));
  }

  get isEmpty(): boolean {
    return this.users.size === 0 && this.#tokens.length === 0;
  }

  get hasTokens(): boolean {
    return this.#tokens.length > 0;
  }

  /** Whose token it is. Looks at all of them, and at all bytes, whatever is found. */
  ofToken(token: string): Identity | undefined {
    const digest = digestOf(token);
    let found: Identity | undefined;
    for (const candidate of this.#tokens) if (timingSafeEqual(candidate.digest, digest)) found = candidate.identity;
    return found;
  }
}

const shortestToken = 16;

function tokenOf(token: Accounts["tokens"][number], isTenanted: boolean, at: string): Token {
  const { token: text, token_hash: hash } = token;
  if ((text === undefined) === (hash === undefined))
    throw new ConfigError(`${at}: expected either token or token_hash`);
  if (text !== undefined && text.length < shortestToken)
    throw new ConfigError(`${at}.token: is too short, expected at least ${shortestToken} characters`);
  const digest = text === undefined ? readTokenHash(hash!) : digestOf(text);
  if (digest === undefined) throw new ConfigError(`${at}.token_hash: expected what \`ratatosk auth token\` prints`);
  return { identity: identityOf(token, isTenanted, at), digest };
}

function identityOf(
  { name, tenants, rights }: Pick<Accounts["users"][number], "name" | "tenants" | "rights">,
  isTenanted: boolean,
  at: string,
): Identity {
  if (!isTenanted && tenants.length > 0)
    throw new ConfigError(`${at}.tenants: there are no tenants without auth_enabled`);
  if (isTenanted && tenants.length === 0)
    throw new ConfigError(`${at}.tenants: is required with auth_enabled, ["*"] for all`);
  return { name, tenants: isTenanted ? tenantSet(tenants, at) : onlyTenant, rights: new Set(rights) };
}

function tenantSet(tenants: readonly string[], at: string): Identity["tenants"] {
  if (tenants.includes("*")) return "all";
  try {
    return new Set(tenants.map(parseTenant));
  } catch (error) {
    throw new ConfigError(`${at}.tenants: ${RatatoskError.from(error).message}`, { cause: error });
  }
}
