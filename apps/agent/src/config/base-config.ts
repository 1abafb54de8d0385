import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { stringify } from "yaml";

export interface BaseOptions {
  /** Where to push: `http://127.0.0.1:3100/loki/api/v1/push`. */
  readonly url: string;
  /** Where positions and buffer are kept. */
  readonly directory: string;
}

const dockerSocket = "/var/run/docker.sock";
const meta = "__meta_docker_container_label_com_docker_";

/** Promtail's base configuration as YAML: this machine's `/var/log/*log`. */
export const baseConfig = ({ url, directory }: BaseOptions): string =>
  stringify({
    server: { disable: true },
    positions: { filename: `${directory}/positions.yaml` },
    clients: [{ url }],
    scrape_configs: [
      { job_name: "varlogs", static_configs: [{ labels: { job: "varlogs", __path__: "/var/log/*log" } }] },
    ],
  });

/** What the agent does when nobody configures it: every container of this node, where there is a Docker socket. */
export const defaultConfig = (options: BaseOptions, node = process.env["NODE"] ?? hostname()): string =>
  existsSync(dockerSocket) ? containersConfig(options, node) : baseConfig(options);

/**
 * Every container of a node with labels that stay few: a task's container is called after service and slot, not after the
 * task, whose name changes with each deployment.
 */
export function containersConfig({ url, directory }: BaseOptions, node: string): string {
  const from = (source: string, target: string, more: object = {}): object => ({
    source_labels: [source],
    target_label: target,
    ...more,
  });
  const rules = [
    { source_labels: ["__meta_docker_container_label_logging"], regex: "off|false", action: "drop" },
    from("__meta_docker_container_name", "container", { regex: "/(.*)" }),
    from(`${meta}stack_namespace`, "stack"),
    from("__meta_docker_container_label_com_docker_compose_project", "stack", { regex: "(.+)" }),
    from(`${meta}swarm_service_name`, "service"),
    from("__meta_docker_container_label_com_docker_compose_service", "service", { regex: "(.+)" }),
    from(`${meta}swarm_task_name`, "task_slot", { regex: "[^.]+\\.([0-9]+)\\.[^.]+" }),
    from(`${meta}swarm_service_name`, "container", { regex: "(.+)" }),
    { source_labels: ["service", "task_slot"], separator: ".", regex: "(.+\\.[0-9]+)", target_label: "container" },
    { target_label: "node", replacement: node },
    from("__meta_docker_container_log_stream", "stream"),
  ];
  return stringify({
    server: { http_listen_port: 9080 },
    positions: { filename: `${directory}/positions.yaml` },
    clients: [{ url }],
    scrape_configs: [
      {
        job_name: "containers",
        docker_sd_configs: [{ host: `unix://${dockerSocket}`, refresh_interval: "30s" }],
        relabel_configs: rules,
      },
    ],
  });
}
