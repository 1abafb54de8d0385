import { type HttpRequest, type HttpResponse, httpStatus, type Route } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";
import type { PushHandler } from "./push-handler.ts";

const stored: HttpResponse = { status: 204 };

/** The paths by which lines come in. */
export function pushRoutes(handler: PushHandler): Route[] {
  const push = async (request: HttpRequest): Promise<HttpResponse> => {
    await handler.loki(request);
    return stored;
  };
  const otlp = async (request: HttpRequest): Promise<HttpResponse> => {
    try {
      await handler.otlp(request);
      return stored;
    } catch (error) {
      return otlpRefusal(RatatoskError.from(error));
    }
  };
  const route = { methods: ["POST"], tenant: "one", errors: "text-line", bulk: true, right: "write" } as const;
  return [
    { ...route, path: "/loki/api/v1/push", handle: push },
    { ...route, path: "/api/prom/push", handle: push },
    { ...route, path: "/otlp/v1/logs", handle: otlp },
  ];
}

/** What OTLP clients read: a protobuf Status with the text as field 2; 503 where a repetition may help. */
function otlpRefusal(error: RatatoskError): HttpResponse {
  const known = httpStatus(error);
  const status = known === 500 ? 503 : known;
  const text = Buffer.from(error.publicMessage);
  return {
    status,
    headers: {
      "Content-Type": "application/octet-stream",
      ...((status === 503 || status === 429) && { "Retry-After": "1" }),
    },
    body: Buffer.concat([Buffer.from([0x12, ...varint(text.length)]), text]),
  };
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
