import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { HttpResponse } from "./route.ts";

const gzipAsync = promisify(gzip);
const smallestWorthZipping = 1024;

/** What a client may do with an answer. */
export interface WriteLimits {
  /** How long it may read nothing of what is left. */
  readonly unreadMs: number;
}

/** Sends an answer and returns its bytes; bodies of a kilobyte and more are compressed when the client takes gzip and they are not yet. */
export async function writeBody(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers = {}, body }: HttpResponse,
  limits: WriteLimits,
): Promise<number> {
  if (typeof body !== "string" && !(body instanceof Uint8Array) && body !== undefined) {
    outgoing.writeHead(status, headers);
    let length = 0;
    for await (const part of body) {
      length += part.length;
      if (outgoing.destroyed) return length;
      if (!outgoing.write(part)) await drained(outgoing, limits);
    }
    end(outgoing, undefined, limits);
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
  end(outgoing, incoming.method === "HEAD" ? undefined : sent, limits);
  return sent.length;
}

function end(outgoing: ServerResponse, last: Uint8Array | undefined, { unreadMs }: WriteLimits): void {
  outgoing.end(last);
  if (!outgoing.writableFinished) outgoing.setTimeout(unreadMs, () => outgoing.destroy());
}

/** Resolves once more may be written, or the client is gone. */
async function drained(outgoing: ServerResponse, { unreadMs }: WriteLimits): Promise<void> {
  const timer = setTimeout(() => outgoing.destroy(), unreadMs);
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      outgoing.off("drain", done).off("close", done);
      resolve();
    };
    outgoing.once("drain", done).once("close", done);
  });
}
