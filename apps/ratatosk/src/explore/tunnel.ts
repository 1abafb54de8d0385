import { type ClientRequest, get as httpGet, type IncomingMessage } from "node:http";
import { get as httpsGet } from "node:https";
import type { Duplex } from "node:stream";
import type { HttpRequest } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";

export interface TunnelEnds {
  /** Who asks. */
  readonly headers: Readonly<Record<string, string>>;
  readonly request: HttpRequest;
  readonly socket: Duplex;
  /** What the browser sent already. */
  readonly head: Buffer;
}

const answerWithinMs = 30_000;
const mostRefusalBytes = 4096;

/** Joins a browser's websocket to one of another server; either's end ends the other. Throws that server's refusal. */
export async function tunnel(url: string, { headers, request, socket, head }: TunnelEnds): Promise<void> {
  const asked = (url.startsWith("https:") ? httpsGet : httpGet)(url, {
    headers: { ...headers, ...handshake(request), Connection: "Upgrade", Upgrade: "websocket" },
    signal: request.signal,
    agent: false,
  });
  const { answer, far, first } = await upgraded(asked, url);
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${answer.headers["sec-websocket-accept"] ?? ""}\r\n\r\n`,
  );
  far.on("error", () => socket.destroy()).on("close", () => socket.destroy());
  socket.on("close", () => far.destroy());
  if (socket.destroyed) return void far.destroy();
  far.unshift(first);
  socket.unshift(head);
  far.pipe(socket);
  socket.pipe(far);
}

function handshake({ headers }: HttpRequest): Record<string, string> {
  const key = headers["sec-websocket-key"];
  if (key === undefined) throw new RatatoskError("bad_request", "a tail is a websocket");
  return { "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13" };
}

interface Upgraded {
  readonly answer: IncomingMessage;
  readonly far: Duplex;
  readonly first: Buffer;
}

function upgraded(asked: ClientRequest, url: string): Promise<Upgraded> {
  const server = new URL(url).origin;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => asked.destroy(new Error("nothing within 30 s")), answerWithinMs);
    asked.once("close", () => clearTimeout(timer));
    asked.once("upgrade", (answer, far, first) => {
      clearTimeout(timer);
      resolve({ answer, far, first });
    });
    asked.once("response", (answer) => {
      void beginning(answer).then((text) => {
        const status = answer.statusCode ?? 502;
        reject(
          new RatatoskError("unavailable", text.trim() || `${server} takes no websocket`, {
            status: status < 400 ? 502 : status,
          }),
        );
      }, reject);
    });
    asked.once("error", (error) =>
      reject(
        new RatatoskError("unavailable", `${server} does not answer: ${error.message}`, { cause: error, status: 502 }),
      ),
    );
  });
}

/** The first bytes of a refusal. */
async function beginning(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer) {
    parts.push(part as Buffer);
    if ((bytes += (part as Buffer).length) >= mostRefusalBytes) break;
  }
  return Buffer.concat(parts).toString("utf8", 0, mostRefusalBytes);
}
