import { setTimeout as sleep } from "node:timers/promises";
import { inCheckout } from "./checkout.ts";
import { docker } from "./docker.ts";
import { images } from "./images.ts";
import { writer } from "./writer.ts";

const files = ["docker-stack.yml", "deploy/stack.lean.yml", "apps/e2e/src/swarm/stack.e2e.yml"].map(inCheckout);
const bridge = "docker_gwbridge";

/** The stack on this machine's swarm. */
export class Stack {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Deploys or updates it, the configuration by its version. */
  async deploy(image: string, configVersion = 1): Promise<void> {
    const env = {
      RATATOSK_IMAGE: image,
      CONFIG_VERSION: String(configVersion),
      MINIO_IMAGE: images.minio,
      WRITER: writer,
    };
    const args = files.flatMap((path) => ["-c", path]);
    await docker(["stack", "deploy", "--resolve-image", "never", ...args, this.name], env);
  }

  /** Takes it away without waiting until all is gone. */
  async remove(): Promise<void> {
    await docker(["stack", "rm", this.name]);
  }

  /** Scales services (`ingester=4`) without waiting. */
  async scale(...replicas: readonly string[]): Promise<void> {
    await docker(["service", "scale", "--detach", ...replicas.map((one) => `${this.name}_${one}`)]);
  }

  /** Resolves once each service has as many healthy tasks as it shall have, and no update is under way. */
  async settled(withinMs = 240_000): Promise<void> {
    for (const until = Date.now() + withinMs; ; await sleep(500)) {
      const waiting = await this.#unsettled();
      if (waiting.length === 0) return;
      if (Date.now() > until) throw new Error(`not settled within ${withinMs} ms: ${waiting.join(", ")}`);
    }
  }

  async #unsettled(): Promise<string[]> {
    const label = `label=com.docker.stack.namespace=${this.name}`;
    const list = await docker(["service", "ls", "--filter", label, "--format", "{{.Name}} {{.Replicas}}"]);
    const wanting = list.split("\n").filter((line) => {
      const [, running, wanted] = / (\d+)\/(\d+)/.exec(line) ?? [];
      return running !== wanted;
    });
    const ids = await docker(["service", "ls", "-q", "--filter", label]);
    const format = "{{.Spec.Name}} {{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}";
    const updates = await docker(["service", "inspect", "--format", format, ...ids.split("\n")]);
    const updating = updates.split("\n").filter((line) => /updating|rollback_started/.test(line));
    const failed = updates.split("\n").filter((line) => /paused|rollback_completed/.test(line));
    if (failed.length > 0) throw new Error(`an update failed: ${failed.join(", ")}`);
    return [...wanting, ...updating];
  }

  /** Ids of the running containers of a service. */
  async containers(service: string, ...filters: readonly string[]): Promise<string[]> {
    const wanted = [`label=com.docker.swarm.service.name=${this.name}_${service}`, ...filters];
    const list = await docker(["ps", "-q", "--no-trunc", ...wanted.flatMap((one) => ["--filter", one])]);
    return list.split("\n").filter((id) => id !== "");
  }

  /** What a metric stands at, over all healthy tasks of a service. */
  async metric(service: string, name: string): Promise<number> {
    const texts = (await this.urls(service)).map(async (url) => (await fetch(`${url}/metrics`)).text());
    const lines = (await Promise.all(texts)).flatMap((text) => text.split("\n"));
    const found = lines.filter((line) => line.startsWith(name));
    return found.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
  }

  /** Where this machine reaches the healthy tasks of a service. */
  async urls(service: string): Promise<string[]> {
    const ids = await this.containers(service, "health=healthy");
    const addresses = JSON.parse(
      await docker(["network", "inspect", bridge, "--format", "{{json .Containers}}"]),
    ) as Record<string, { IPv4Address: string }>;
    return ids.flatMap((id) => {
      const address = addresses[id]?.IPv4Address.split("/")[0];
      return address === undefined ? [] : [`http://${address}:3100`];
    });
  }
}
