import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { realPart } from "../real-parts.ts";
import { inCheckout } from "./checkout.ts";
import { docker, run } from "./docker.ts";
import { images } from "./images.ts";
import { writer } from "./writer.ts";

const files = ["docker-compose.yml", "deploy/compose.lean.yml", "apps/e2e/src/swarm/compose.e2e.yml"].map(inCheckout);

/** How Compose is called here: the engine's plugin, or the older program; undefined where there is neither. */
export function composeCommand(): readonly string[] | undefined {
  try {
    execFileSync("docker", ["compose", "version"], { stdio: "ignore" });
    return ["docker", "compose"];
  } catch {
    const program = realPart("docker-compose");
    return program === undefined ? undefined : [program];
  }
}

/** What `docker-compose.yml` describes, on this machine, and a writer. */
export class ComposeProject {
  readonly name: string;
  readonly #command: readonly string[];

  constructor(name: string, command: readonly string[]) {
    this.name = name;
    this.#command = command;
  }

  /** Runs a command of Compose: `up -d`. */
  async run(...args: readonly string[]): Promise<void> {
    const [program, ...first] = this.#command;
    const which = ["--project-directory", inCheckout(""), "-p", this.name, ...files.flatMap((path) => ["-f", path])];
    const env = { RATATOSK_IMAGE: images.ratatosk, MINIO_IMAGE: images.minio, WRITER: writer };
    await run(program!, [...first, ...which, ...args], env);
  }

  /** Resolves once every container runs and each that is asked how it is, is well. */
  async settled(withinMs = 240_000): Promise<void> {
    for (const until = Date.now() + withinMs; ; await sleep(300)) {
      const states = (await this.#list("{{.Names}} {{.Status}}")).filter((state) => !isWell(state));
      if (states.length === 0) return;
      if (Date.now() > until) throw new Error(`not settled within ${withinMs} ms: ${states.join(", ")}`);
    }
  }

  /** The id of a service's container. */
  async container(service: string): Promise<string> {
    const [id] = await this.#list("{{.ID}}", `label=com.docker.compose.service=${service}`);
    return id!;
  }

  async #list(format: string, ...filters: readonly string[]): Promise<string[]> {
    const wanted = [`label=com.docker.compose.project=${this.name}`, ...filters];
    const list = await docker(["ps", "-a", "--format", format, ...wanted.flatMap((one) => ["--filter", one])]);
    return list.split("\n");
  }
}

const isWell = (state: string): boolean => / Up /.test(state) && !/starting|unhealthy/.test(state);
