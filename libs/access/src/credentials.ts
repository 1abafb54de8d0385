/** What a client shows. */
export type Credentials =
  | { readonly kind: "basic"; readonly name: string; readonly password: string }
  | { readonly kind: "bearer"; readonly token: string };

/** Reads a header `Authorization`; undefined when it is of neither kind. */
export function readCredentials(header: string): Credentials | undefined {
  const [, scheme = "", rest = ""] = /^(basic|bearer) +([^\s]+)\s*$/i.exec(header) ?? [];
  if (rest === "") return undefined;
  if (scheme.toLowerCase() === "bearer") return { kind: "bearer", token: rest };
  const text = Buffer.from(rest, "base64").toString();
  const colon = text.indexOf(":");
  return colon === -1 ? undefined : { kind: "basic", name: text.slice(0, colon), password: text.slice(colon + 1) };
}
