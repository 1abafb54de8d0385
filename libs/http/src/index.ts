export type { HttpRequest, HttpResponse, Route } from "./route.ts";
export { HttpServer, type HttpServerOptions } from "./server.ts";
export { httpStatus } from "./status.ts";
