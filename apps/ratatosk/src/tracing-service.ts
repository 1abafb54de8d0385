import { hostname } from "node:os";
import { type ExportingTracer, type Logger, openTracer, traceWith } from "@ratatosk/observability";
import type { Service } from "@ratatosk/service";
import { buildInfo } from "./build-info.ts";
import type { Role } from "./roles.ts";
import type { TracingConfig } from "./tracing-config.ts";

/** Complaints about spans that cannot be sent come no oftener. */
const complainEveryMs = 60_000;

/** Lets the process make spans while it runs, where it was told whither to send them. */
export function tracingService({ endpoint, headers, sampling }: TracingConfig, role: Role, log: Logger): Service {
  let tracer: ExportingTracer | undefined;
  let quietUntilMs = 0;
  const onError = (message: string): void => {
    if (Date.now() < quietUntilMs) return;
    quietUntilMs = Date.now() + complainEveryMs;
    log.warn({ endpoint, error: message }, "spans cannot be sent");
  };
  const resource = {
    "service.name": `ratatosk-${role}`,
    "service.version": buildInfo.version,
    "host.name": hostname(),
  };
  return {
    name: "tracing",
    async start() {
      if (endpoint === "") return;
      tracer = await openTracer({ endpoint, headers, sampling, resource, onError });
      traceWith(tracer);
    },
    async stop() {
      traceWith(undefined);
      await tracer?.close();
    },
  };
}
