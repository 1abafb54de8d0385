import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.ts";

/** A server of somebody else's, running in a folder until it is stopped. */
export class RealProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(program: string, args: readonly string[], folder: string, port: number): Promise<RealProcess> {
    mkdirSync(folder, { recursive: true });
    const child = spawn(program, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const log = createWriteStream(join(folder, "process.log"), { flags: "a" });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const url = `http://127.0.0.1:${port}`;
    for (let tries = 0; tries < 600 && child.exitCode === null; tries++) {
      const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
      if (answer?.ok === true) return new RealProcess(child, url);
      await sleep(100);
    }
    child.kill("SIGKILL");
    throw new Error(`${program} was not ready, see ${folder}/process.log`);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await exited;
  }

  async json(path: string): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

/** Prometheus, taking remote writes and scraping `targets` each second. */
export async function startPrometheus(
  program: string,
  folder: string,
  targets: Readonly<Record<string, string>> = {},
): Promise<RealProcess> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const jobs = Object.entries(targets).map(
    ([component, url]) =>
      `  - {job_name: ${component}, static_configs: [{targets: ["${new URL(url).host}"], labels: {component: ${component}}}]}\n`,
  );
  const file = join(folder, "prometheus.yml");
  writeFileSync(
    file,
    `global: {scrape_interval: 1s}\nscrape_configs:${jobs.length === 0 ? " []" : `\n${jobs.join("")}`}`,
  );
  const flags = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--web.enable-remote-write-receiver",
  ];
  return RealProcess.start(program, flags, folder, port);
}

/** Alertmanager, whose one receiver tells `webhook` at once. */
export async function startAlertmanager(program: string, folder: string, webhook: string): Promise<RealProcess> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "alertmanager.yml");
  const route = "{receiver: hook, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}";
  writeFileSync(file, `route: ${route}\nreceivers: [{name: hook, webhook_configs: [{url: "${webhook}"}]}]\n`);
  const flags = [
    `--config.file=${file}`,
    `--storage.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--cluster.listen-address=",
  ];
  return RealProcess.start(program, flags, folder, port);
}
