import type { HttpResponse, Route } from "@ratatosk/http";
import { formatGoDuration } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import type { Logger } from "@ratatosk/observability";

/** `/sync-indexes`: the index is looked for anew, in the background. A querier does so by itself when it is asked. */
export function syncIndexesRoutes(sync: () => Promise<void>, log: Logger): Route[] {
  let startedMs: number | undefined;
  let last: { readonly tookMs: number } | undefined;
  const run = async (began: number): Promise<void> => {
    try {
      await sync();
    } catch (error) {
      log.warn({ err: error }, "the index could not be looked for");
    }
    last = { tookMs: Date.now() - began };
    startedMs = undefined;
  };
  const start = (): HttpResponse => {
    if (startedMs !== undefined) throw new RatatoskError("conflict", "a sync is under way");
    startedMs = Date.now();
    void run(startedMs);
    return { status: 202 };
  };
  const state = (): HttpResponse => {
    const inProgress = startedMs !== undefined;
    const one = {
      name: "index",
      in_progress: inProgress,
      last_trigger: last === undefined && !inProgress ? "never_triggered" : "manual",
      current_duration: duration(startedMs === undefined ? 0 : Date.now() - startedMs),
      last_duration: duration(last?.tookMs ?? 0),
    };
    return { status: 200, headers: { "Content-Type": "application/json" }, body: JSON.stringify([one]) };
  };
  const shared = { path: "/sync-indexes", tenant: "none", errors: "text-line" } as const;
  return [
    { ...shared, methods: ["GET"], handle: state },
    { ...shared, methods: ["PUT"], right: "operate", handle: start },
  ];
}

const duration = (ms: number): string => formatGoDuration(ms * 1e6);
