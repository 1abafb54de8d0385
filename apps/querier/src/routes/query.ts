import {
  type HttpRequest,
  type HttpResponse,
  instantTime,
  isForward,
  positiveParam,
  queryResponse,
  type Route,
} from "@ratatosk/http";
import { parse } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import { logged } from "../logged.ts";
import { checkQuery } from "../query-limits.ts";
import { type ReaderModules, readerOf } from "../reader.ts";

const needsRange =
  "log queries are not supported as an instant query type, please change your query to a range query type";

/** `GET|POST /loki/api/v1/query`: samples at one time. */
export function queryRoute(modules: ReaderModules): Route {
  return {
    methods: ["GET", "POST"],
    path: "/loki/api/v1/query",
    tenant: "many",
    form: true,
    errors: "text",
    handle: (request) => query(request, modules),
  };
}

async function query(request: HttpRequest, modules: ReaderModules): Promise<HttpResponse> {
  const text = request.query.get("query") ?? "";
  const time = instantTime(request.query, modules.now());
  positiveParam(request.query, "limit", 100);
  isForward(request.query);
  const answer = await logged(modules.queryLog, { kind: "instant", query: text, request }, async () => {
    const expr = parse(text);
    if (expr.kind === "log") throw new RatatoskError("bad_request", needsRange);
    const { limits, terms } = readerOf(modules, request);
    checkQuery(expr, limits);
    return modules.engine.instant(expr, time, terms);
  });
  return queryResponse(answer);
}
