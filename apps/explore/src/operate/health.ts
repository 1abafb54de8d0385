import type { Api } from "../api/api.ts";
import { ApiError } from "../api/api-error.ts";
import { parseMetrics, type Sample } from "./metrics-text.ts";

/** How a process is at one moment. */
export interface Health {
  readonly ready: string;
  readonly version: string;
  readonly services: readonly (readonly [name: string, state: string])[];
  readonly samples: readonly Sample[];
  readonly atMs: number;
}

/** Fails only where the process tells no metrics. */
export async function readHealth(server: Api, signal: AbortSignal): Promise<Health> {
  const [ready, build, services, metrics] = await Promise.all([
    server.text("/ready", {}, signal).then(
      (text) => text.trim(),
      (error: unknown) => ApiError.from(error).text,
    ),
    server
      .json<{ version?: string }>("/loki/api/v1/status/buildinfo", {}, signal)
      .catch((): { version?: string } => ({})),
    server.text("/services", {}, signal).catch(() => ""),
    server.text("/metrics", {}, signal),
  ]);
  return {
    ready,
    version: build.version ?? "unknown",
    services: services
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split(" => ") as [string, string]),
    samples: parseMetrics(metrics),
    atMs: Date.now(),
  };
}
