import type { IncomingMessage, ServerResponse } from "node:http";
import express from "express";
import type { Route } from "./route.ts";

/** Serves a request whose path belongs to `routes`; none of them when the path is unknown. */
export type Serve = (
  routes: readonly Route[],
  variables: Readonly<Record<string, string>>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
) => void;

/** An express application that only finds paths: exact in case and slashes, methods left to `serve`. */
export function createRouter(
  byPath: ReadonlyMap<string, readonly Route[]>,
  serve: Serve,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);
  app.enable("strict routing");
  app.enable("case sensitive routing");
  for (const [path, routes] of byPath)
    app.all(path, (request, response) => serve(routes, textOnly(request.params), request, response));
  app.use((request, response) => serve([], {}, request, response));
  return app;
}

function textOnly(params: Readonly<Record<string, string | string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}
