import type { IncomingMessage } from "node:http";
import { RatatoskError } from "@ratatosk/model";

const maxFormBytes = 10 * 1024 * 1024;

/** The parameters of a POST form before those of the URL, so that of a name given twice the form's is found first. */
export async function mergeForm(incoming: IncomingMessage, url: URLSearchParams): Promise<URLSearchParams> {
  if (!(incoming.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")) return url;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxFormBytes) throw new RatatoskError("too_large", "http: request body too large");
    parts.push(part);
  }
  const merged = new URLSearchParams(Buffer.concat(parts).toString());
  for (const [name, value] of url) merged.append(name, value);
  return merged;
}
