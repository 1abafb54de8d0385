import type { Duplex } from "node:stream";
import { acceptWebSocket, type HttpRequest, type Route } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";
import { encodingFlags } from "../encoding-flags.ts";
import { readerOf } from "../reader.ts";
import { currentForm, type FrameForm, legacyForm } from "../tail/frames.ts";
import type { TailEvents } from "../tail/tail-events.ts";
import { type TailParams, tailParams } from "../tail/tail-params.ts";
import { Tail, type TailModules } from "../tail/tail.ts";

/** WebSocket: the server met a condition that ends the connection. */
const serverError = 1011;

/** `tail`, and its old path: what is stored and what comes, over a websocket. */
export function tailRoutes(modules: TailModules, events: TailEvents): Route[] {
  return [tailRoute("/loki/api/v1/tail", currentForm), tailRoute("/api/prom/tail", legacyForm)];

  function tailRoute(path: string, form: FrameForm): Route {
    return {
      methods: ["GET", "POST"],
      path,
      tenant: "one",
      errors: "text",
      handle({ query }) {
        tailParams(query, modules.now());
        throw new RatatoskError("bad_request", "Bad Request");
      },
      upgrade: (request, socket, head) => upgrade(request, socket, head, form),
    };
  }

  async function upgrade(request: HttpRequest, socket: Duplex, head: Buffer, form: FrameForm): Promise<void> {
    const params = tailParams(request.query, modules.now());
    const peer = await acceptWebSocket(request, socket, head);
    const tenant = request.tenants[0]!;
    const streams = new Set<string>();
    const count = events.began(tenant, streams);
    try {
      const tail = new Tail(modules, { ...tailOptions(request, params, form, count), streams }, peer);
      await tail.run();
    } catch (error) {
      if (!request.signal.aborted) peer.close(serverError, RatatoskError.from(error).publicMessage);
    } finally {
      events.ended(tenant, streams);
    }
  }

  function tailOptions(request: HttpRequest, { expr, ...params }: TailParams, form: FrameForm, count: number) {
    if (expr.kind !== "log") throw new RatatoskError("bad_request", "only log selector is supported");
    const reader = readerOf(modules, request);
    const most = reader.limits.max_concurrent_tail_requests;
    if (most > 0 && count > most)
      throw new RatatoskError(
        "bad_request",
        `max concurrent tail requests limit exceeded, count > limit (${count} > ${most})`,
      );
    const flags = encodingFlags(request.headers);
    return { ...params, expr, reader, form, flags, signal: request.signal, onSent: (n: number) => events.sent(n) };
  }
}
