import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../apps/ratatosk/src/main.ts", import.meta.url));

export interface TestServerOptions {
  readonly file: string;
  /** Where it runs and keeps its data. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface TestServer {
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** Starts `ratatosk all` on a free port and waits until it is ready. */
export async function startServer({ file, folder, env = {} }: TestServerOptions): Promise<TestServer> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const flags = [
    `--config.file=${file}`,
    "--config.expand-env",
    `--server.http_listen_port=${port}`,
    "--server.log_level=warn",
  ];
  const child = spawn(process.execPath, [program, "all", ...flags], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(url, child);
  return { url, process: child, stop: () => stop(child) };
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`the server ended with exit code ${child.exitCode}`);
    const answer = await fetch(`${url}/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error(`${url} was not ready within 30 s`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

/** A port of the loopback address that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
