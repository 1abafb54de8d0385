import type { DiscoveredLabels } from "../files/file-targets.ts";
import type { DockerNetwork } from "../sources/docker-client.ts";
import { labelPart } from "../sources/docker-targets.ts";

type Labels = Readonly<Record<string, string>> | null | undefined;

export interface SwarmNode {
  readonly ID: string;
  readonly Spec: { readonly Role: string; readonly Availability: string; readonly Labels?: Labels };
  readonly Description: {
    readonly Hostname: string;
    readonly Platform: { readonly Architecture: string; readonly OS: string };
    readonly Engine: { readonly EngineVersion: string };
  };
  readonly Status: { readonly State: string; readonly Addr: string };
  readonly ManagerStatus?: { readonly Leader?: boolean; readonly Reachability: string; readonly Addr: string };
}

interface Port {
  readonly Name?: string;
  readonly Protocol?: string;
  readonly PublishMode?: string;
  readonly PublishedPort?: number;
  readonly TargetPort?: number;
}

export interface SwarmService {
  readonly ID: string;
  readonly Spec: {
    readonly Name: string;
    readonly Labels?: Labels;
    readonly Mode: { readonly Replicated?: object; readonly Global?: object };
    readonly TaskTemplate: {
      readonly ContainerSpec?: { readonly Hostname?: string; readonly Image?: string; readonly Labels?: Labels };
    };
  };
  readonly Endpoint?: {
    readonly Ports?: readonly Port[];
    readonly VirtualIPs?: readonly { NetworkID: string; Addr?: string }[];
  };
  readonly UpdateStatus?: { readonly State?: string };
}

export interface SwarmTask {
  readonly ID: string;
  readonly ServiceID: string;
  readonly NodeID: string;
  readonly Slot?: number;
  readonly DesiredState: string;
  readonly Spec: { readonly ContainerSpec?: { readonly Labels?: Labels } };
  readonly Status: {
    readonly State: string;
    readonly ContainerStatus?: { readonly ContainerID?: string };
    readonly PortStatus?: { readonly Ports?: readonly Port[] };
  };
  readonly NetworksAttachments?: readonly {
    readonly Network: { readonly ID: string };
    readonly Addresses?: readonly string[];
  }[];
}

const prefix = "__meta_dockerswarm_";

function add(
  labels: Map<string, string>,
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): void {
  for (const [name, value] of Object.entries(values)) if (value !== undefined) labels.set(prefix + name, String(value));
}

function addLabels(labels: Map<string, string>, kind: string, given: Labels): void {
  for (const [name, value] of Object.entries(given ?? {}))
    labels.set(`${prefix}${kind}_label_${labelPart(name)}`, value);
}

function addNetwork(labels: Map<string, string>, network: DockerNetwork | undefined): void {
  if (network === undefined) return;
  const { Id, Name, Ingress, Internal, Scope } = network;
  add(labels, {
    network_id: Id,
    network_name: Name,
    network_ingress: Ingress,
    network_internal: Internal,
    network_scope: Scope,
  });
  addLabels(labels, "network", network.Labels);
}

const hostOf = (address: string): string => address.split("/", 1)[0]!;

function addNode(labels: Map<string, string>, node: SwarmNode): void {
  const { Spec, Description, Status, ManagerStatus } = node;
  add(labels, {
    node_id: node.ID,
    node_hostname: Description.Hostname,
    node_address: Status.Addr,
    node_availability: Spec.Availability,
    node_role: Spec.Role,
    node_status: Status.State,
    node_platform_architecture: Description.Platform.Architecture,
    node_platform_os: Description.Platform.OS,
    node_engine_version: Description.Engine.EngineVersion,
    node_manager_address: ManagerStatus?.Addr,
    node_manager_leader: ManagerStatus && (ManagerStatus.Leader ?? false),
    node_manager_reachability: ManagerStatus?.Reachability,
  });
  addLabels(labels, "node", Spec.Labels);
}

function addService(labels: Map<string, string>, service: SwarmService): void {
  add(labels, {
    service_id: service.ID,
    service_name: service.Spec.Name,
    service_mode: service.Spec.Mode.Global ? "global" : "replicated",
  });
  addLabels(labels, "service", service.Spec.Labels);
}

/** `role: nodes`: a target for each node. */
export const nodeTargets = (nodes: readonly SwarmNode[], port: number): DiscoveredLabels[] =>
  nodes.map((node) => {
    const labels = new Map([["__address__", `${node.Status.Addr}:${port}`]]);
    addNode(labels, node);
    return labels;
  });

/** `role: services`: a target for each published port, or one, on each network of a service. */
export function serviceTargets(
  services: readonly SwarmService[],
  networks: readonly DockerNetwork[],
  port: number,
): DiscoveredLabels[] {
  return services.flatMap((service) =>
    (service.Endpoint?.VirtualIPs ?? []).flatMap(({ NetworkID, Addr }) => {
      const ports = (service.Endpoint?.Ports ?? []).filter(({ Protocol }) => Protocol === "tcp");
      return (ports.length > 0 ? ports : [undefined]).map((one) => {
        const labels = new Map([["__address__", `${hostOf(Addr ?? "")}:${one?.PublishedPort ?? port}`]]);
        addService(labels, service);
        const { ContainerSpec } = service.Spec.TaskTemplate;
        add(labels, {
          service_endpoint_port_name: one && (one.Name ?? ""),
          service_endpoint_port_publish_mode: one?.PublishMode,
          service_task_container_hostname: ContainerSpec?.Hostname ?? "",
          service_task_container_image: ContainerSpec?.Image ?? "",
          service_updating_status: service.UpdateStatus?.State ?? "",
        });
        addNetwork(
          labels,
          networks.find(({ Id }) => Id === NetworkID),
        );
        return labels;
      });
    }),
  );
}

interface Known {
  readonly services: readonly SwarmService[];
  readonly nodes: readonly SwarmNode[];
  readonly networks: readonly DockerNetwork[];
}

/** `role: tasks`: a target for each address of a task. */
export function taskTargets(tasks: readonly SwarmTask[], known: Known, port: number): DiscoveredLabels[] {
  return tasks.flatMap((task) => {
    const addresses = (task.NetworksAttachments ?? []).flatMap(({ Network, Addresses = [] }) =>
      Addresses.map((address) => ({ address: hostOf(address), network: Network.ID })),
    );
    return addresses.map(({ address, network }) => {
      const labels = new Map([["__address__", `${address}:${port}`]]);
      addTask(labels, task, known);
      addNetwork(
        labels,
        known.networks.find(({ Id }) => Id === network),
      );
      return labels;
    });
  });
}

function addTask(labels: Map<string, string>, task: SwarmTask, { services, nodes }: Known): void {
  add(labels, {
    task_id: task.ID,
    task_container_id: task.Status.ContainerStatus?.ContainerID ?? "",
    task_desired_state: task.DesiredState,
    task_slot: task.Slot ?? 0,
    task_state: task.Status.State,
    task_port_publish_mode: task.Status.PortStatus?.Ports?.[0]?.PublishMode,
  });
  addLabels(labels, "container", task.Spec.ContainerSpec?.Labels);
  const service = services.find(({ ID }) => ID === task.ServiceID);
  if (service) addService(labels, service);
  const node = nodes.find(({ ID }) => ID === task.NodeID);
  if (node) addNode(labels, node);
}
