import type { HttpResponse, Route } from "@ratatosk/http";

const noContent: HttpResponse = { status: 204 };

/** `/flush` ships in the background, `/flush/tenant` answers once everything is shipped. */
export function ingesterRoutes(flush: () => Promise<void>): Route[] {
  const background = (): HttpResponse => {
    // What fails is logged and tried again.
    flush().catch(() => undefined);
    return noContent;
  };
  const waiting = async (): Promise<HttpResponse> => {
    await flush();
    return noContent;
  };
  return [
    { methods: ["GET", "POST"], path: "/flush", tenant: "none", errors: "text-line", handle: background },
    { methods: ["POST"], path: "/flush/tenant", tenant: "one", errors: "text-line", handle: waiting },
  ];
}
