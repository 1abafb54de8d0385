import { RatatoskError } from "@ratatosk/model";

const maxBytes = 900;

/** Refuses keys that could leave the store's directory or that some store cannot hold. Throws bad_request. */
export function checkKey(key: string): void {
  const parts = key.split("/");
  if (Buffer.byteLength(key) > maxBytes || !parts.every(isPlain)) throw refused(key);
}

/** Refuses prefixes of keys that no key can have. */
export function checkPrefix(prefix: string): void {
  const parts = prefix.split("/");
  const last = parts.pop()!;
  if (!parts.every(isPlain) || hasControl(last)) throw refused(prefix);
}

/** `~` marks what the filesystem store keeps for itself. */
const isPlain = (part: string): boolean =>
  part !== "" && part !== "." && part !== ".." && !part.includes("~") && !hasControl(part);

const hasControl = (part: string): boolean => /[\u0000-\u001f\u007f\\]/.test(part);

const refused = (key: string): RatatoskError =>
  new RatatoskError("bad_request", `invalid object key ${JSON.stringify(key)}`);
