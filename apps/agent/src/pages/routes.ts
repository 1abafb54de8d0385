import type { HttpResponse, Route } from "@ratatosk/http";
import type { Agent, AgentModules } from "../agent.ts";
import { servicePage } from "./service-page.ts";
import { targetsPage } from "./targets-page.ts";
import { targetsJson } from "./watched.ts";

const html = (body: string): HttpResponse => ({
  status: 200,
  headers: { "Content-Type": "text/html; charset=utf-8" },
  body,
});
const text = (status: number, body: string): HttpResponse => ({
  status,
  headers: { "Content-Type": "text/plain; charset=utf-8" },
  body,
});

/** The agent's pages, under the server's prefix. */
export function agentRoutes(agent: Agent, modules: AgentModules): Route[] {
  const { server } = agent.config;
  const prefix = server.pathPrefix.replace(/\/$/, "");
  const get = (path: string, handle: Route["handle"]): Route => route("GET", prefix + path, handle);
  const routes = [
    get("/", () => ({ status: 303, headers: { Location: `${prefix}/targets` } })),
    get("/ready", () => {
      const why = agent.notReady();
      return why === undefined ? text(200, "Ready") : text(500, `Not ready: ${why}`);
    }),
    get("/healthz", () => text(200, "OK\n")),
    get("/targets", () => html(targetsPage(agent))),
    get("/service-discovery", () => html(servicePage(agent))),
    get("/config", () => ({
      ...text(200, agent.config.shown),
      headers: { "Content-Type": "text/yaml; charset=utf-8" },
    })),
    get("/api/v1/targets", () => ({
      status: 200,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(targetsJson(agent)),
    })),
  ];
  if (server.registerInstrumentation) routes.push(get("/metrics", () => metrics(agent, modules)));
  if (server.runtimeReload) routes.push(route("POST", `${prefix}/reload`, () => reload(modules)));
  return routes;
}

const route = (method: "GET" | "POST", path: string, handle: Route["handle"]): Route => ({
  methods: [method],
  path: path === "" ? "/" : path,
  tenant: "none",
  errors: "text",
  handle,
});

async function metrics(agent: Agent, { registry }: AgentModules): Promise<HttpResponse> {
  const body = (await registry.metrics()) + agent.custom.text();
  return { status: 200, headers: { "Content-Type": registry.contentType }, body };
}

async function reload({ reload: again }: AgentModules): Promise<HttpResponse> {
  try {
    await again?.();
    return text(200, "");
  } catch (error) {
    return text(500, `failed to reload config: ${(error as Error).message}\n`);
  }
}
