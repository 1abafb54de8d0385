import { setTimeout as sleep } from "node:timers/promises";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { RatatoskError } from "@ratatosk/model";
import type { HandlerFactory } from "./handlers.ts";

interface HealthQuestion {
  /** The full name of a service; empty for the process. */
  readonly service: string;
}

interface HealthOptions {
  readonly services: readonly string[];
  readonly isServing: () => boolean;
  /** Aborted once the process stops: nothing is watched any longer. */
  readonly stopping: AbortSignal;
}

interface Health {
  readonly status: "SERVING" | "NOT_SERVING" | "SERVICE_UNKNOWN";
}

const watchPeriodMs = 500;

/** The service `grpc.health.v1.Health`: all services of a process serve, or none does. */
export function healthHandlers(
  { services, isServing, stopping }: HealthOptions,
  handlers: HandlerFactory,
): UntypedServiceImplementation {
  const isKnown = ({ service }: HealthQuestion): boolean => service === "" || services.includes(service);
  const now = (): Health => ({ status: !stopping.aborted && isServing() ? "SERVING" : "NOT_SERVING" });
  return {
    Check: handlers.unary(async (question: HealthQuestion) => {
      if (!isKnown(question)) throw new RatatoskError("not_found", `service ${question.service} is not known here`);
      return now();
    }),
    Watch: handlers.stream((question: HealthQuestion, { signal }) =>
      changes(isKnown(question) ? now : () => ({ status: "SERVICE_UNKNOWN" }), signal, stopping),
    ),
  };
}

/** What it says at first, and again whenever that has changed. */
async function* changes(now: () => Health, signal: AbortSignal, stopping: AbortSignal): AsyncIterable<Health> {
  const either = AbortSignal.any([signal, stopping]);
  let told: string | undefined;
  while (!signal.aborted) {
    const answer = now();
    if (answer.status !== told) yield answer;
    told = answer.status;
    if (stopping.aborted) return;
    await sleep(watchPeriodMs, undefined, { signal: either }).catch(() => undefined);
  }
}
