import type { IncomingMessage, ServerResponse } from "node:http";
import { once } from "node:events";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { HttpResponse } from "./route.ts";

const gzipAsync = promisify(gzip);
const smallestWorthZipping = 1024;

/** Sends an answer; bodies of a kilobyte and more are compressed when the client takes gzip. */
export async function writeBody(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers = {}, body }: HttpResponse,
): Promise<void> {
  if (typeof body !== "string" && !(body instanceof Uint8Array) && body !== undefined) {
    outgoing.writeHead(status, headers);
    for await (const part of body) if (!outgoing.write(part)) await once(outgoing, "drain");
    outgoing.end();
    return;
  }
  const bytes = typeof body === "string" ? Buffer.from(body) : (body ?? Buffer.alloc(0));
  const zipped = bytes.length >= smallestWorthZipping && (incoming.headers["accept-encoding"] ?? "").includes("gzip");
  const sent = zipped ? await gzipAsync(bytes, { level: 1 }) : bytes;
  outgoing.writeHead(status, {
    ...headers,
    ...(zipped && { "Content-Encoding": "gzip" }),
    ...(status !== 204 && { "Content-Length": String(sent.length) }),
  });
  outgoing.end(incoming.method === "HEAD" ? undefined : sent);
}
