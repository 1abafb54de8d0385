import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { HttpRequest } from "./route.ts";

/** The client of a websocket: text goes out, only its pongs and its closing come in. */
export interface WebSocketPeer {
  /** Resolves once the text has left for the network; at once when the client is gone. */
  send(text: string): Promise<void>;
  /** Closes with a code and a reason; at most 123 bytes of it are sent. */
  close(code: number, reason: string): void;
}

const pingMs = 1000;
/** A client that answers no ping for so long is gone. */
const mostSilentPings = 30;
const mostReasonBytes = 123;
const mostMessageBytes = 4096;

const acceptor = new WebSocketServer({ noServer: true, maxPayload: mostMessageBytes, perMessageDeflate: false });

/** Answers a websocket request, whatever its origin, and pings the client every second. */
export async function acceptWebSocket(request: HttpRequest, socket: Duplex, head: Buffer): Promise<WebSocketPeer> {
  const accepted = await new Promise<WebSocket>((resolve) =>
    acceptor.handleUpgrade(request.body, socket, head, resolve),
  );
  accepted.on("error", () => accepted.terminate());
  keepAlive(accepted);
  return {
    send: (text) => new Promise((resolve) => accepted.send(text, () => resolve())),
    close: (code, reason) => accepted.close(code, truncated(reason)),
  };
}

function keepAlive(accepted: WebSocket): void {
  let silentPings = 0;
  accepted.on("pong", () => (silentPings = 0));
  const timer = setInterval(() => {
    if (silentPings++ >= mostSilentPings) accepted.terminate();
    else accepted.ping();
  }, pingMs);
  accepted.once("close", () => clearInterval(timer));
}

/** At most as many bytes as a reason may have, no character cut in two. */
function truncated(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= mostReasonBytes) return reason;
  let end = mostReasonBytes;
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.toString("utf8", 0, end);
}
