import { execFile, spawn } from "node:child_process";
import { existsSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const socket = "/var/run/docker.sock";
const log = "/var/log/dockerd.log";
const startLimitMs = 60_000;

type Environment = Readonly<Record<string, string>>;

/** Runs `docker …`; what it printed. Throws with what it complained of. */
export const docker = async (args: readonly string[], env: Environment = {}): Promise<string> =>
  run("docker", args, env);

/** Runs a program; what it printed. Throws with what it complained of. */
export async function run(program: string, args: readonly string[], env: Environment): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const options = { env: { ...process.env, ...env }, maxBuffer: 2 ** 28 };
  execFile(program, [...args], options, (error, stdout, stderr) =>
    error === null ? resolve(stdout.trim()) : reject(new Error(`${program} ${args.join(" ")}: ${stderr}`)),
  );
  return promise;
}

/** Starts the Docker engine of a machine that has none yet and ends with it (`own-machine.sh`): manager of a swarm of one. */
export async function startSwarm(dockerd: string): Promise<void> {
  if (existsSync(socket)) throw new Error("a Docker engine runs here already: use npm run e2e:swarm");
  const output = openSync(log, "a");
  const daemon = spawn(dockerd, [], { stdio: ["ignore", output, output] });
  daemon.unref();
  for (const until = Date.now() + startLimitMs; !(await isThere()); await sleep(200))
    if (Date.now() > until || daemon.exitCode !== null)
      throw new Error(`dockerd does not start: ${readFileSync(log, "utf8").slice(-2000)}`);
  await docker(["swarm", "init", "--advertise-addr", "127.0.0.1"]);
}

async function isThere(): Promise<boolean> {
  return docker(["version", "--format", "{{.Server.Version}}"]).then(
    () => true,
    () => false,
  );
}
