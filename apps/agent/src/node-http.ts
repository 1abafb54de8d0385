/** node:http, without what importing it as an ES module loads besides: a WebSocket client of 13 MiB. */
export const { createServer, request, Agent } = process.getBuiltinModule("node:http");
