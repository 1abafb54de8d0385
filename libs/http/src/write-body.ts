import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { HttpResponse } from "./route.ts";

const gzipAsync = promisify(gzip);
const smallestWorthZipping = 1024;

/** Sends an answer and returns its bytes; bodies of a kilobyte and more are compressed when the client takes gzip and they are not yet. */
export async function writeBody(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers = {}, body }: HttpResponse,
): Promise<number> {
  if (typeof body !== "string" && !(body instanceof Uint8Array) && body !== undefined) {
    outgoing.writeHead(status, headers);
    let length = 0;
    for await (const part of body) {
      length += part.length;
      if (outgoing.destroyed) return length;
      if (!outgoing.write(part)) await drained(outgoing);
    }
    outgoing.end();
    return length;
  }
  const bytes = typeof body === "string" ? Buffer.from(body) : (body ?? Buffer.alloc(0));
  const encoded = headers["Content-Encoding"] !== undefined;
  const zipped =
    !encoded && bytes.length >= smallestWorthZipping && (incoming.headers["accept-encoding"] ?? "").includes("gzip");
  const sent = zipped ? await gzipAsync(bytes, { level: 1 }) : bytes;
  outgoing.writeHead(status, {
    ...headers,
    ...(zipped && { "Content-Encoding": "gzip" }),
    ...(status !== 204 && status !== 304 && { "Content-Length": String(sent.length) }),
  });
  outgoing.end(incoming.method === "HEAD" ? undefined : sent);
  return sent.length;
}

/** Resolves once more may be written, or the client is gone. */
async function drained(outgoing: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      outgoing.off("drain", done).off("close", done);
      resolve();
    };
    outgoing.once("drain", done).once("close", done);
  });
}
