import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { until } from "../until.ts";

export interface CommandOptions {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

const limitMs = 60_000;

/** Runs a line in a shell, for a minute at most; what it reads is a word and an end. */
export async function runCommand(line: string, options: CommandOptions): Promise<Outcome> {
  const { child, output } = start(line, options);
  const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  return { code, output: output() };
}

/** Runs a line that goes on until it is stopped; stops it once `isUp` says so. */
export async function runUntil(
  line: string,
  isUp: (output: string) => Promise<boolean> | boolean,
  options: CommandOptions,
): Promise<Outcome> {
  const { child, output } = start(line, options);
  const closed = once(child, "close") as Promise<[number | null]>;
  try {
    await until(async () => child.exitCode !== null || (await isUp(output())), limitMs);
  } finally {
    child.kill("SIGTERM");
  }
  const [code] = await closed;
  return { code, output: output() };
}

function start(line: string, { folder, env }: CommandOptions): { child: ChildProcess; output: () => string } {
  const child = spawn("bash", ["-euo", "pipefail", "-c", line], { cwd: folder, env: { ...process.env, ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => (output += part));
  child.stdin.on("error", () => undefined);
  child.stdin.end("secret\n");
  return { child, output: () => output };
}
