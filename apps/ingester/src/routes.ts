import type { HttpRequest, HttpResponse, Route } from "@ratatosk/http";
import { parseSelector } from "@ratatosk/logql";
import { quote, RatatoskError } from "@ratatosk/model";
import type { ShutdownMarker } from "./shutdown-marker.ts";

/** What an operator may ask of an ingester. */
export interface IngesterControls {
  readonly marker: ShutdownMarker;
  flush(): Promise<void>;
  /** Takes nothing more; ships everything if so asked. False if it was not running. */
  shutDown(ships: boolean): Promise<boolean>;
  /** Ends the process. */
  terminate(): void;
}

const noContent: HttpResponse = { status: 204 };
const text = { "Content-Type": "text/plain; charset=utf-8" };

/** `/flush`, `/flush/tenant`, `/ingester/shutdown`, `/ingester/prepare_shutdown` and, refused, `/ingester/prepare_partition_downscale`. */
export function ingesterRoutes(controls: IngesterControls): Route[] {
  const shared = { tenant: "none", errors: "text-line", right: "operate" } as const;
  const prepare = "/ingester/prepare_shutdown";
  return [
    { ...shared, methods: ["GET", "POST"], path: "/flush", handle: () => flushAside(controls) },
    {
      ...shared,
      tenant: "one",
      methods: ["POST"],
      path: "/flush/tenant",
      form: true,
      handle: (request) => flushTenant(request, controls),
    },
    {
      ...shared,
      methods: ["GET", "POST"],
      path: "/ingester/shutdown",
      form: true,
      handle: (request) => shutDown(request, controls),
    },
    {
      ...shared,
      methods: ["GET", "POST", "DELETE"],
      path: "/ingester/prepare_partition_downscale",
      handle: refusePartitions,
    },
    { ...shared, methods: ["GET"], path: prepare, handle: () => markerState(controls.marker) },
    { ...shared, methods: ["POST"], path: prepare, handle: () => mark(controls.marker, true) },
    { ...shared, methods: ["DELETE"], path: prepare, handle: () => mark(controls.marker, false) },
  ];
}

function refusePartitions(): never {
  throw new RatatoskError("not_implemented", "this ingester reads no partition: distributors write to it", {
    status: 405,
  });
}

function mark(marker: ShutdownMarker, isSet: boolean): HttpResponse {
  if (isSet) marker.set();
  else marker.clear();
  return noContent;
}

const markerState = ({ isSet }: ShutdownMarker): HttpResponse => ({
  status: 200,
  headers: text,
  body: isSet ? "set" : "unset",
});

/** Ships in the background. What fails is logged and tried again. */
function flushAside(controls: IngesterControls): HttpResponse {
  controls.flush().catch(() => undefined);
  return noContent;
}

/** Answers once everything is shipped: the tenant's streams, and with them all others. */
async function flushTenant({ query }: HttpRequest, controls: IngesterControls): Promise<HttpResponse> {
  const streams = query.get("streams");
  if (streams) parseSelector(streams);
  await controls.flush();
  return noContent;
}

async function shutDown({ query }: HttpRequest, controls: IngesterControls): Promise<HttpResponse> {
  const ships = flag(query, "flush", true);
  const ends = flag(query, "terminate", true);
  if (!(await controls.shutDown(ships)))
    throw new RatatoskError("unavailable", "Ingester is stopping or already stopped.");
  if (ends) controls.terminate();
  return noContent;
}

const words: Readonly<Record<string, boolean>> = { t: true, true: true, 1: true, f: false, false: false, 0: false };

function flag(query: URLSearchParams, name: string, usual: boolean): boolean {
  const given = query.get(name);
  if (given === null || given === "") return usual;
  const value = words[given.toLowerCase()];
  if (value === undefined)
    throw new RatatoskError("bad_request", `strconv.ParseBool: parsing ${quote(given)}: invalid syntax`);
  return value;
}
