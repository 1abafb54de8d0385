import { type HttpRequest, type HttpResponse, jsonResponse, type Route } from "@ratatosk/http";
import { parse, prettyPrint } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";

/** `format_query`: the query's text as it is usually written. */
export const formatQueryRoute: Route = {
  methods: ["GET", "POST"],
  path: "/loki/api/v1/format_query",
  tenant: "none",
  form: true,
  errors: "text",
  handle: formatQuery,
};

function formatQuery({ query }: HttpRequest): HttpResponse {
  try {
    return jsonResponse({ status: "success", data: prettyPrint(parse(query.get("query") ?? "")) });
  } catch (error) {
    if (!(error instanceof RatatoskError)) throw error;
    return jsonResponse({ status: "invalid-query", error: error.message }, 400);
  }
}
