import { AlloyError } from "@ratatosk/alloy-syntax";
import type { HttpResponse, Route } from "@ratatosk/http";
import type { AlloyAgent } from "../alloy-agent.ts";
import { alloyVersion } from "../library/standard-library.ts";
import { targetsPage } from "../../pages/targets-page.ts";
import { targetsJson } from "../../pages/watched.ts";
import { componentDetail, componentList } from "./components.ts";

const text = (status: number, body: string): HttpResponse => ({
  status,
  headers: { "Content-Type": "text/plain; charset=utf-8" },
  body,
});
const json = (body: unknown): HttpResponse => ({
  status: 200,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

/** The agent's pages; those for people and their data stand under the prefix. */
export function alloyRoutes(agent: AlloyAgent, uiPrefix: string): Route[] {
  const prefix = uiPrefix.replace(/\/$/, "");
  const route = (path: string, handle: Route["handle"], methods: Route["methods"] = ["GET"]): Route => ({
    methods,
    path,
    tenant: "none",
    errors: "text",
    handle,
  });
  return [
    route("/-/ready", () => (agent.isLoaded ? text(200, "Alloy is ready.\n") : text(503, "Config failed to load.\n"))),
    route("/-/healthy", () => healthy(agent)),
    route("/-/reload", () => reload(agent), ["GET", "POST"]),
    route("/metrics", async () => text(200, controllerMetrics(agent) + (await agent.shared.metrics.text()))),
    route(`${prefix}/api/v0/web/components`, () => json(componentList(agent.module))),
    route(`${prefix}/api/v0/web/components/:id`, ({ variables }) => {
      const detail = componentDetail(agent.module, variables["id"]!);
      return detail === undefined ? text(404, "component not found\n") : json(detail);
    }),
    route(`${prefix}/targets`, () => ({
      ...text(200, targetsPage(agent.shared.watched, ["targets", "metrics"])),
      headers: { "Content-Type": "text/html; charset=utf-8" },
    })),
    route(`${prefix}/api/v1/targets`, () => json(targetsJson(agent.shared.watched))),
    route(prefix === "" ? "/" : prefix, () => json(componentList(agent.module))),
  ];
}

function healthy(agent: AlloyAgent): HttpResponse {
  const { health } = agent.module;
  if (health.length === 0) return text(200, "All Alloy components are healthy.\n");
  return text(500, `unhealthy components:\n${health.join("\n")}\n`);
}

async function reload(agent: AlloyAgent): Promise<HttpResponse> {
  try {
    await agent.reload();
    return text(200, "config reloaded\n");
  } catch (error) {
    if (!(error instanceof AlloyError)) throw error;
    return text(400, `${error.message}\n`);
  }
}

/** What the graph says of itself. */
function controllerMetrics({ module, hash }: AlloyAgent): string {
  const list = componentList(module);
  const states = new Map<string, number>();
  for (const { health } of list) states.set(health.state, (states.get(health.state) ?? 0) + 1);
  const gauge = (name: string, help: string, rows: readonly string[]): string =>
    `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${rows.map((row) => `${name}${row}\n`).join("")}`;
  const controller = 'controller_id="",controller_path="/"';
  return [
    gauge("alloy_build_info", "What was built.", [`{version="${alloyVersion}"} 1`]),
    gauge("alloy_config_hash", "Hash of the loaded configuration.", [`{sha256="${hash}"} 1`]),
    gauge("alloy_config_last_load_successful", "Whether the last load succeeded.", [" 1"]),
    gauge(
      "alloy_component_controller_running_components",
      "Number of components by health.",
      Array.from(states, ([state, count]) => `{${controller},health_type="${state}"} ${count}`),
    ),
    gauge("alloy_component_controller_evaluating", "Whether components are evaluated now.", [`{${controller}} 0`]),
    gauge("alloy_component_evaluation_seconds", "Time spent evaluating.", [`{${controller}} 0`]),
  ].join("");
}
