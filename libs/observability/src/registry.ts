import { Gauge, Registry, collectDefaultMetrics } from "./prometheus.ts";

/** What runs: shown by `/metrics`, `--version` and `/loki/api/v1/status/buildinfo`. */
export interface BuildInfo {
  readonly version: string;
  readonly revision: string;
  readonly branch: string;
}

/** A registry with the metrics of the Node process and `loki_build_info`. */
export function createRegistry({ version, revision, branch }: BuildInfo): Registry {
  const registry = new Registry();
  collectDefaultMetrics(registry);
  for (const name of misnamed) registry.removeSingleMetric(name);
  new Gauge({
    name: "loki_build_info",
    help: "Constant 1, labelled with what was built.",
    labelNames: ["version", "revision", "branch", "goversion", "goos", "goarch", "tags"],
    registers: [registry],
  }).set(
    { version, revision, branch, goversion: process.version, goos: process.platform, goarch: process.arch, tags: "" },
    1,
  );
  heapInUse(registry);
  return registry;
}

/** Gauges that end in `_total`; those without that tell as much. */
const misnamed = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

/** The name under which Loki's dashboards look for the heap. */
function heapInUse(registry: Registry): void {
  new Gauge({
    name: "go_memstats_heap_inuse_bytes",
    help: "Bytes of the JavaScript heap in use.",
    registers: [registry],
    collect() {
      this.set(process.memoryUsage().heapUsed);
    },
  });
}
