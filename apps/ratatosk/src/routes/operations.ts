import { printConfig } from "@ratatosk/config";
import type { HttpResponse, Route } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";
import type { BuildInfo, Logger, Registry } from "@ratatosk/observability";
import type { Services } from "@ratatosk/service";
import type { z } from "zod";
import { diffFromDefaults } from "../config-diff.ts";
import { profilingRoutes } from "./profiling.ts";

export interface OperationsModules {
  readonly services: () => Services;
  readonly log: Logger;
  readonly registry: Registry;
  readonly build: BuildInfo;
  readonly schema: z.ZodType;
  readonly config: unknown;
  /** What holds where the configuration says nothing. */
  readonly defaults: unknown;
  readonly profiling: boolean;
}

const text = { "Content-Type": "text/plain; charset=utf-8" };
const json = { "Content-Type": "application/json" };
const levels = ["debug", "info", "warn", "error"];

/** What every process answers about itself; none of it belongs to a tenant. */
export function operationsRoutes(modules: OperationsModules): Route[] {
  return [
    own("GET", "/ready", () => ready(modules.services())),
    own("GET", "/services", () => ok(text, serviceList(modules.services()))),
    own("GET", "/metrics", async () => ok(metricsType, await modules.registry.metrics())),
    operate(own("GET", "/config", ({ query }) => ok(text, configText(modules, query.get("mode") ?? "")))),
    own("GET", "/log_level", () => ok(json, JSON.stringify({ message: `Current log level is ${modules.log.level}` }))),
    operate({
      ...own("POST", "/log_level", ({ query }) => setLevel(modules.log, query.get("log_level") ?? "")),
      form: true,
    }),
    ...profilingRoutes(modules.profiling),
    own("GET", "/loki/api/v1/status/buildinfo", () => ok(json, JSON.stringify(buildAnswer(modules.build)))),
  ];
}

const metricsType = { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" };

function own(method: "GET" | "POST", path: string, handle: Route["handle"]): Route {
  return { methods: [method], path, tenant: "none", errors: "text-line", handle };
}

const operate = (route: Route): Route => ({ ...route, right: "operate" });

const ok = (headers: Readonly<Record<string, string>>, body: string): HttpResponse => ({ status: 200, headers, body });

function ready(services: Services): HttpResponse {
  const reason = services.notReady();
  if (reason !== undefined) throw new RatatoskError("unavailable", reason.trimEnd());
  return ok(text, "ready\n");
}

function serviceList(services: Services): string {
  return services
    .states()
    .map(({ name, state }) => `${name} => ${state}\n`)
    .join("");
}

function configText({ schema, config, defaults }: OperationsModules, mode: string): string {
  if (mode === "defaults") return printConfig(schema, defaults);
  return printConfig(schema, mode.startsWith("diff") ? diffFromDefaults(config, defaults) : config);
}

function setLevel(log: Logger, level: string): HttpResponse {
  if (!levels.includes(level)) {
    const message = `unrecognized log level "${level}"`;
    return { status: 400, headers: json, body: JSON.stringify({ status: "failed", message }) };
  }
  log.level = level;
  return ok(json, JSON.stringify({ status: "success", message: `Log level set to ${level}` }));
}

/** Grafana reads `version` to learn what the server can do, so this is the Loki whose API is spoken. */
function buildAnswer({ version, revision, branch }: BuildInfo): Record<string, string> {
  return {
    version: spokenLokiVersion,
    revision,
    branch,
    buildUser: `ratatosk ${version}`,
    buildDate: "",
    goVersion: "n/a",
  };
}

export const spokenLokiVersion = "3.8.0";
