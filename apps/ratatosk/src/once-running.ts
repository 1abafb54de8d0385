import type { Route } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";
import type { Services } from "@ratatosk/service";

/** The routes of roles, which answer 503 until every service runs: a replay may take a while. */
export function onceRunning(routes: readonly Route[], services: Services): Route[] {
  return routes.map((route) => ({
    ...route,
    handle(request) {
      refuseWhileStarting();
      return route.handle(request);
    },
    ...(route.upgrade && {
      upgrade(request, socket, head) {
        refuseWhileStarting();
        return route.upgrade!(request, socket, head);
      },
    }),
  }));

  function refuseWhileStarting(): void {
    if (!services.started) throw new RatatoskError("unavailable", "the server is starting");
  }
}
