import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const startLimitMs = 60_000;
const image = "ratatosk-busybox";

/** A Docker engine of our own, without networks, whose only image is busybox. Needs to be root. */
export class DockerEngine {
  readonly socket: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, socket: string) {
    this.#child = child;
    this.socket = socket;
  }

  static async start(programs: { dockerd: string; busybox: string }, folder: string): Promise<DockerEngine> {
    mkdirSync(folder, { recursive: true });
    const socket = join(folder, "docker.sock");
    const at = (name: string): string => join(folder, name);
    const child = spawn(
      programs.dockerd,
      `--host unix://${socket} --data-root ${at("data")} --exec-root ${at("exec")} --pidfile ${at("pid")} --bridge none --iptables=false --ip-masq=false`.split(
        " ",
      ),
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    child.stderr.pipe(createWriteStream(at("dockerd.log")));
    const engine = new DockerEngine(child, socket);
    await engine.#ready(at("dockerd.log"));
    await engine.#importBusybox(programs.busybox, at("root"));
    return engine;
  }

  /** Runs a shell script in a container without network; returns the container's name. */
  async run(name: string, script: string, flags: readonly string[] = []): Promise<string> {
    await this.docker("run", "--detach", "--network", "none", "--name", name, ...flags, image, "sh", "-c", script);
    return name;
  }

  /** Standard output of the `docker` command. */
  async docker(...args: readonly string[]): Promise<string> {
    const { stdout } = await run("docker", ["--host", `unix://${this.socket}`, ...args]);
    return stdout.trim();
  }

  async stop(): Promise<void> {
    const names = await this.docker("ps", "--all", "--quiet");
    if (names !== "") await this.docker("rm", "--force", ...names.split("\n"));
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGTERM");
    await ended;
  }

  async #ready(log: string): Promise<void> {
    const until = Date.now() + startLimitMs;
    while (Date.now() < until && this.#child.exitCode === null) {
      const version = await this.docker("version", "--format", "{{.Server.Version}}").catch(() => "");
      if (version !== "") return;
      await sleep(200);
    }
    this.#child.kill("SIGKILL");
    throw new Error(`dockerd was not ready, see ${log}`);
  }

  async #importBusybox(busybox: string, root: string): Promise<void> {
    const bin = join(root, "bin");
    mkdirSync(bin, { recursive: true });
    await run("sh", ["-c", `cp ${busybox} ${bin}/busybox && ${bin}/busybox --install -s ${bin}`]);
    await run("sh", ["-c", `for f in ${bin}/*; do [ -L $f ] && ln -sf busybox $f; done; true`]);
    await run("sh", ["-c", `tar -C ${root} -c . | docker --host unix://${this.socket} import - ${image}`]);
  }
}
