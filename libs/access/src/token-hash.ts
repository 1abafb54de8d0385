import { createHash } from "node:crypto";

const prefix = "sha256:";

/** A token as `token_hash` holds it: `sha256:<hex>`. Tokens are long and random, so that a fast hash keeps them. */
export const hashToken = (token: string): string => `${prefix}${digestOf(token).toString("hex")}`;

export const digestOf = (token: string): Buffer => createHash("sha256").update(token).digest();

/** Reads what `hashToken` wrote; undefined when it is none. */
export function readTokenHash(text: string): Buffer | undefined {
  return /^sha256:[0-9a-f]{64}$/i.test(text) ? Buffer.from(text.slice(prefix.length), "hex") : undefined;
}
