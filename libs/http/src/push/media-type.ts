import { broken } from "./body-errors.ts";

const token = /^[!#$%&'*+\-.^_`|~\w]+$/;
const parameter = /^\s*;\s*([!#$%&'*+\-.^_`|~\w]+)\s*=\s*(?:"(?:[^"\\]|\\.)*"|[!#$%&'*+\-.^_`|~\w]+)\s*/;

/** The media type of a Content-Type header, lower case and without parameters. Throws bad_request with Go's texts. */
export function mediaType(header: string | undefined): string {
  const [head = "", ...rest] = (header ?? "").split(";");
  const type = head.trim().toLowerCase();
  const [main = "", sub, ...more] = type.split("/");
  if (main === "") throw broken("mime: no media type");
  if (!token.test(main)) throw broken("mime: expected slash after first token");
  if (sub === "") throw broken("mime: expected token after slash");
  if (more.length > 0 || (sub !== undefined && !token.test(sub)))
    throw broken("mime: unexpected content after media subtype");
  checkParameters(rest.length === 0 ? "" : `;${rest.join(";")}`);
  return type;
}

function checkParameters(text: string): void {
  let left = text;
  while (left.trim() !== "" && left.trim() !== ";") {
    const match = parameter.exec(left);
    if (match === null) throw broken("mime: invalid media parameter");
    left = left.slice(match[0].length);
  }
}
