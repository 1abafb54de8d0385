import { RatatoskError } from "@ratatosk/model";

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const internal = /^__[A-Za-z0-9_]*[A-Za-z0-9][A-Za-z0-9_]*__$/;

/**
 * The name under which metadata or an OTLP attribute is kept: other characters become `_`, runs of `_` one, a digit
 * in front gets `key_`. Throws bad_request with Loki's text where no name is left.
 */
export function normalName(name: string): string {
  if (plainName.test(name) && (!name.includes("__") || internal.test(name)) && name !== "_") return name;
  if (name === "") throw new RatatoskError("bad_request", "label name is empty");
  const kept = name.replace(/[^A-Za-z0-9_]/gu, "_").replace(/_{2,}/g, "_");
  if (kept === "_")
    throw new RatatoskError(
      "bad_request",
      `normalization for label name ${JSON.stringify(name)} resulted in invalid name "_"`,
    );
  return /^\d/.test(kept) ? `key_${kept}` : kept;
}
