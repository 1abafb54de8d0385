import { expect, test } from "vitest";
import type { ContainerSummary, DockerNetwork } from "./docker-client.ts";
import { containerTarget } from "./docker-targets.ts";

const networkNamed = (id: string, name: string): DockerNetwork => ({
  Id: id,
  Name: name,
  Scope: "local",
  Ingress: false,
  Internal: false,
  Labels: null,
});
const networks = new Map([
  ["n1", networkNamed("n1", "front")],
  ["n2", networkNamed("n2", "back")],
]);
const container: ContainerSummary = {
  Id: "c1",
  Names: ["/web"],
  State: "running",
  Labels: { "com.docker.stack.namespace": "shop" },
  Ports: [
    { PrivatePort: 53, Type: "udp" },
    { PrivatePort: 80, PublicPort: 8080, IP: "0.0.0.0", Type: "tcp" },
    { PrivatePort: 443, PublicPort: 8443, IP: "0.0.0.0", Type: "tcp" },
  ],
  HostConfig: { NetworkMode: "bridge" },
  NetworkSettings: {
    Networks: {
      front: { NetworkID: "n1", IPAddress: "10.0.1.2" },
      back: { NetworkID: "n2", IPAddress: "10.0.2.2" },
    },
  },
};

test("a container in several networks with several ports is one target: the first network by name, the first TCP port", () => {
  const target = containerTarget(container, networks, { port: 80, hostNetworkingHost: "localhost" });
  expect(Object.fromEntries(target)).toEqual({
    __address__: "10.0.2.2:80",
    __meta_docker_container_id: "c1",
    __meta_docker_container_label_com_docker_stack_namespace: "shop",
    __meta_docker_container_name: "/web",
    __meta_docker_container_network_mode: "bridge",
    __meta_docker_network_id: "n2",
    __meta_docker_network_ingress: "false",
    __meta_docker_network_internal: "false",
    __meta_docker_network_ip: "10.0.2.2",
    __meta_docker_network_name: "back",
    __meta_docker_network_scope: "local",
    __meta_docker_port_private: "80",
    __meta_docker_port_public: "8080",
    __meta_docker_port_public_ip: "0.0.0.0",
  });
});
