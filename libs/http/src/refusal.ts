import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { RatatoskError } from "@ratatosk/model";
import { NotLetIn } from "./guard.ts";
import type { HttpResponse, Route } from "./route.ts";
import { httpStatus } from "./status.ts";

/** An error as Loki answers it: its text, with a newline where the route's errors end in one. */
export function refusal(error: RatatoskError, route: Route | undefined): HttpResponse {
  const headers: Record<string, string> = {
    "Content-Type": "text/plain; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
  };
  if (error.code === "unavailable" || error.code === "limit_exceeded") headers["Retry-After"] = "1";
  if (error instanceof NotLetIn) headers["WWW-Authenticate"] = error.challenge;
  return {
    status: httpStatus(error),
    headers,
    body: route?.errors === "text-line" ? `${error.publicMessage}\n` : error.publicMessage,
  };
}

/** Answers a websocket request that is not let in, and closes the connection. */
export function refuseUpgrade(socket: Duplex, { status, headers = {}, body }: HttpResponse): void {
  const text = typeof body === "string" ? body : "";
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(text)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${text}`);
}
