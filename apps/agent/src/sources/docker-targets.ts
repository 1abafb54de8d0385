import type { DockerSdConfig } from "../config/agent-config.ts";
import type { DiscoveredLabels } from "../files/file-targets.ts";
import type { ContainerSummary, DockerNetwork } from "./docker-client.ts";

/** A label's name with what no label name may hold replaced. */
export const labelPart = (text: string): string => text.replace(/[^a-zA-Z0-9_]/g, "_");

/**
 * The targets of a container as Promtail makes them, one for each network and TCP port; for logs they are one, the first
 * counts. A container without a network has one target too.
 */
export function containerTarget(
  container: ContainerSummary,
  networks: ReadonlyMap<string, DockerNetwork>,
  config: Pick<DockerSdConfig, "port" | "hostNetworkingHost">,
): DiscoveredLabels {
  const labels = new Map([
    ["__meta_docker_container_id", container.Id],
    ["__meta_docker_container_name", container.Names[0] ?? ""],
    ["__meta_docker_container_network_mode", container.HostConfig.NetworkMode],
  ]);
  for (const [name, value] of Object.entries(container.Labels ?? {}))
    labels.set(`__meta_docker_container_label_${labelPart(name)}`, value);
  const attached = Object.values(container.NetworkSettings?.Networks ?? {});
  const first = attached.toSorted((a, b) =>
    networkName(networks, a.NetworkID) < networkName(networks, b.NetworkID) ? -1 : 1,
  )[0];
  if (first === undefined) return labels;
  addNetwork(labels, networks.get(first.NetworkID), first.IPAddress);
  const port = container.Ports?.find(({ Type }) => Type === "tcp");
  if (port) addPort(labels, port);
  const host = container.HostConfig.NetworkMode === "host" ? config.hostNetworkingHost : first.IPAddress;
  return labels.set("__address__", `${host}:${port?.PrivatePort ?? config.port}`);
}

const networkName = (networks: ReadonlyMap<string, DockerNetwork>, id: string): string => networks.get(id)?.Name ?? "";

function addNetwork(labels: Map<string, string>, network: DockerNetwork | undefined, ip: string): void {
  labels.set("__meta_docker_network_ip", ip);
  if (network === undefined) return;
  labels.set("__meta_docker_network_id", network.Id);
  labels.set("__meta_docker_network_name", network.Name);
  labels.set("__meta_docker_network_scope", network.Scope);
  labels.set("__meta_docker_network_ingress", String(network.Ingress));
  labels.set("__meta_docker_network_internal", String(network.Internal));
  for (const [name, value] of Object.entries(network.Labels ?? {}))
    labels.set(`__meta_docker_network_label_${labelPart(name)}`, value);
}

function addPort(labels: Map<string, string>, port: ContainerSummary["Ports"][number]): void {
  labels.set("__meta_docker_port_private", String(port.PrivatePort));
  if (port.PublicPort) labels.set("__meta_docker_port_public", String(port.PublicPort));
  if (port.IP) labels.set("__meta_docker_port_public_ip", port.IP);
}
