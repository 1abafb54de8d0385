import type https from "node:https";
import type tls from "node:tls";

/** node:http, without what importing it as an ES module loads besides: a WebSocket client of 13 MiB. */
export const { createServer, request, Agent } = process.getBuiltinModule("node:http");

/** node:https, loaded where it is needed: TLS costs 5 MiB. */
export const nodeHttps = (): typeof https => process.getBuiltinModule("node:https");

/** node:tls, loaded where it is needed. */
export const nodeTls = (): typeof tls => process.getBuiltinModule("node:tls");
