import { randomBytes } from "node:crypto";
import type { LimitsSource } from "@ratatosk/config";
import { type DeleteRequest, type DeleteRequests, nothingYet, pendingOf } from "@ratatosk/deletes";
import { type HttpRequest, type HttpResponse, parseTime, type Route } from "@ratatosk/http";
import { formatGoDuration } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import { deleteParams } from "./delete-params.ts";
import type { DeleteEvents } from "./delete-events.ts";

export interface DeleteRoutesModules {
  readonly requests: DeleteRequests;
  readonly limits: LimitsSource;
  /** Everyone who has stored something. */
  readonly tenants: () => Promise<readonly string[]>;
  readonly events: DeleteEvents;
  readonly cancelPeriodMs: number;
  readonly now: () => number;
}

const none: HttpResponse = { status: 204 };

/** Loki's delete API: `/loki/api/v1/delete` and the generation numbers of caches. */
export function deleteRoutes(modules: DeleteRoutesModules): Route[] {
  const route = (methods: Route["methods"], path: string, handle: Handler): Route => ({
    methods,
    path,
    tenant: "one",
    errors: "text-line",
    handle: (request) => {
      const tenant = request.tenants[0]!;
      if (modules.limits.forTenant(tenant).deletion_mode === "disabled")
        throw new RatatoskError("forbidden", "deletion is not available for this tenant");
      return handle(tenant, request, modules);
    },
  });
  return [
    route(["POST", "PUT"], "/loki/api/v1/delete", create),
    route(["GET"], "/loki/api/v1/delete", list),
    route(["DELETE"], "/loki/api/v1/delete", cancel),
    route(["GET"], "/loki/api/v1/cache/generation_numbers", generation),
    route(["POST"], "/loki/api/v1/cache/generation_numbers/increase", increase),
    route(["POST"], forOperators, create),
    {
      methods: ["GET"],
      path: forOperators,
      tenant: "none",
      right: "operate",
      errors: "text-line",
      handle: () => listAll(modules),
    },
  ];
}

const forOperators = "/compactor/ui/api/v1/deletes";

type Handler = (tenant: string, request: HttpRequest, modules: DeleteRoutesModules) => Promise<HttpResponse>;

const create: Handler = async (tenant, { query }, { requests, limits, events, now }) => {
  const nowMs = now();
  const params = deleteParams(query, nowMs, limits.forTenant(tenant).delete_max_interval);
  const id = randomBytes(4).toString("hex");
  await requests.put(tenant, { id, ...params, createdMs: nowMs, state: "received", receipt: nothingYet });
  events.received(tenant, id, params.query);
  return { status: 204, headers: { "X-Delete-Request-ID": id } };
};

const list: Handler = async (tenant, { query }, { requests, now }) => {
  const { startMs, endMs } = range(query);
  const all = await requests.list(tenant);
  const asked = query.get("for_querytime_filtering") === "true" ? pendingOf(all, now()) : all;
  const touching = asked.filter((request) => request.endMs >= startMs && request.startMs <= endMs);
  return json(touching.map(listed));
};

/** The requests of all tenants, the newest first. */
async function listAll({ requests, tenants }: DeleteRoutesModules): Promise<HttpResponse> {
  const all: (DeleteRequest & { readonly tenant: string })[] = [];
  for (const tenant of await tenants())
    for (const request of await requests.list(tenant)) all.push({ ...request, tenant });
  all.sort((a, b) => b.createdMs - a.createdMs);
  return json(all.map(({ tenant, ...request }) => ({ user: tenant, ...listed(request) })));
}

const cancel: Handler = async (tenant, { query }, { requests, events, cancelPeriodMs, now }) => {
  const id = query.get("request_id") ?? "";
  const request = (await requests.list(tenant)).find((one) => one.id === id);
  if (request === undefined) throw new RatatoskError("not_found", "could not find delete request with given id");
  if (request.state === "processed")
    throw new RatatoskError(
      "bad_request",
      "deletion of request which is in process or already processed is not allowed",
    );
  const isLate = request.state === "partial" || request.createdMs + cancelPeriodMs < now();
  if (isLate && query.get("force") !== "true")
    throw new RatatoskError(
      "bad_request",
      `Cancellation of partially completed delete request or delete request past the deadline of ${formatGoDuration(cancelPeriodMs * 1e6)} since its creation is not allowed. To force, use the ?force query parameter`,
    );
  await requests.remove(tenant, id);
  events.cancelled(tenant, id);
  return none;
};

const generation: Handler = async (tenant, _, { requests }) => ({
  status: 200,
  headers: { "Content-Type": "text/plain; charset=utf-8" },
  body: JSON.stringify(await requests.generation(tenant)),
});

const increase: Handler = async (tenant, _, { requests }) => {
  await requests.changed(tenant);
  return none;
};

const statusOf: Record<DeleteRequest["state"], string> = {
  received: "received",
  partial: "50% Complete",
  processed: "processed",
};

function listed({ id, query, startMs, endMs, createdMs, state, receipt }: DeleteRequest): Record<string, unknown> {
  return {
    request_id: id,
    start_time: startMs / 1000,
    end_time: endMs / 1000,
    query,
    status: statusOf[state],
    created_at: createdMs / 1000,
    ...(state !== "received" && {
      receipt: { lines: receipt.lines, bytes: receipt.bytes, deleted_at: receipt.atMs / 1000 },
    }),
  };
}

/** The times that a list is asked for; without them all. */
function range(query: URLSearchParams): { startMs: number; endMs: number } {
  const time = (name: string, otherwise: number): number => {
    const text = query.get(name) ?? "";
    if (text === "") return otherwise;
    try {
      return Number(parseTime(text) / 1_000_000n);
    } catch {
      throw new RatatoskError("bad_request", `invalid ${name} time: require unix seconds or RFC3339 format`);
    }
  };
  return { startMs: time("start", -Infinity), endMs: time("end", Infinity) };
}

const json = (body: unknown): HttpResponse => ({
  status: 200,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});
