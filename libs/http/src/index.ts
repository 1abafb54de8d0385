export {
  durationParam,
  instantTime,
  isForward,
  parseTime,
  positiveParam,
  type TimeBounds,
  timeBounds,
} from "./params.ts";
export { jsonResponse, namesResponse, seriesResponse } from "./response/labels-response.ts";
export { statsJson } from "./response/stats.ts";
export { JsonWriter } from "./response/json-writer.ts";
export { type QueryAnswer, queryResponse, writeEntry } from "./response/query-response.ts";
export type { HttpRequest, HttpResponse, Route } from "./route.ts";
export { Guard, rightFor } from "./guard.ts";
export { acceptWebSocket, type WebSocketPeer } from "./web-socket.ts";
export { HttpServer, type HttpServerOptions } from "./server.ts";
export { staticFiles, type StaticFilesOptions } from "./static-files.ts";
export { httpStatus } from "./status.ts";
export { tlsOptions, watchTls } from "./tls.ts";
export { ByteBudget, type ByteLease } from "./push/byte-budget.ts";
export { normalName } from "./push/normal-name.ts";
export { decodeOtlp, type OtlpBody, receiveOtlp } from "./push/otlp-body.ts";
export type { AttributeUse, OtlpRules } from "./push/otlp-rules.ts";
export { decodePush, type PushBody, receivePush } from "./push/push-body.ts";
export { noTimeSeconds, PushedEntries, type PushedStream } from "./push/pushed-entries.ts";
export type { BodyLimits } from "./push/read-body.ts";
