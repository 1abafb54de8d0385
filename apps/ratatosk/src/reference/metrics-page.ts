import { createAgent, noFlags, parsePromtailConfig } from "@ratatosk/agent";
import { createLogger, createRegistry, type Registry } from "@ratatosk/observability";
import { buildInfo } from "../build-info.ts";
import type { Role } from "../roles.ts";
import { row } from "./table.ts";
import { unstarted } from "./unstarted.ts";

const roles: readonly Role[] = ["distributor", "ingester", "querier", "compactor", "ruler"];

interface Metric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** The page docs/reference/metrics.md. */
export function metricsPage(): string {
  const byRole = roles.map((role) => [role, metricsOf(unstarted(role).registry)] as const);
  const agent = metricsOf(agentRegistry());
  const shared = byRole.map(([, metrics]) => new Set(metrics.map(({ name }) => name)));
  const isCommon = ({ name }: Metric): boolean => shared.every((names) => names.has(name));
  const everywhere = byRole[0]![1].filter(isCommon);
  const sections = [
    section("Every server process", everywhere),
    ...byRole.map(([role, metrics]) =>
      section(
        titles[role],
        metrics.filter((metric) => !isCommon(metric)),
      ),
    ),
    section(
      "Agent",
      agent.filter(({ name }) => !everywhere.some((metric) => metric.name === name)),
    ),
  ];
  return `${head}\n${sections.join("\n")}`;
}

const titles: Readonly<Record<Role, string>> = {
  all: "",
  distributor: "Distributor",
  ingester: "Ingester",
  querier: "Querier",
  compactor: "Compactor",
  ruler: "Ruler",
};

const head = `# Metrics

What \`/metrics\` tells. \`ratatosk all\` has the metrics of every role. Names that begin with \`loki_\` and \`promtail_\` are those of Loki and
Promtail, so that their dashboards and alerts work; \`ratatosk_\` is what they do not know. What to watch: [monitoring](../operations/monitoring.md).
Not there are Loki's metrics of parts that do not exist here: the query scheduler and its queue, the frontend's stages, locks of tables, a target size of
chunks. This page is made from the code: \`npm run docs\`.
`;

/** An agent's registry; each of its sources and stages has its metrics whether it is used or not. */
function agentRegistry(): Registry {
  const registry = createRegistry(buildInfo);
  const log = createLogger("error", () => undefined);
  const config = parsePromtailConfig("clients: [{url: http://127.0.0.1/}]", "agent", noFlags());
  createAgent({ config, log, registry });
  return registry;
}

function metricsOf(registry: Registry): Metric[] {
  const metrics = registry.getMetricsAsArray() as unknown as (Metric & { readonly labelNames: readonly string[] })[];
  return metrics
    .map(({ name, type, help, labelNames }) => ({ name, type, help, labels: labelNames }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function section(title: string, metrics: readonly Metric[]): string {
  const rows = metrics.map(({ name, type, labels, help }) =>
    row(`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(", "), help),
  );
  return `## ${title}\n\n| metric | type | labels | |\n|---|---|---|---|\n${rows.join("\n")}\n`;
}
