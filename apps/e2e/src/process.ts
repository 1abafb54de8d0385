import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../ratatosk/bin/ratatosk.mjs", import.meta.url));
const startLimitMs = 60_000;
const stopLimitMs = 60_000;
const lastWordsLength = 2_000;

export interface ProcessOptions {
  /** `all`, `agent`, `ingester` … and its flags. */
  readonly args: readonly string[];
  /** Where it runs; its log goes to `NAME.log` there. */
  readonly folder: string;
  readonly name: string;
  /** Where it answers HTTP. */
  readonly url: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A `ratatosk` process that can be started, stopped, killed and started again. */
export class RatatoskProcess {
  readonly url: string;
  readonly #options: ProcessOptions;
  #child: ChildProcess | undefined;

  constructor(options: ProcessOptions) {
    this.url = options.url;
    this.#options = options;
  }

  /** Starts it and waits until it is ready, or only until it answers. */
  async start({ untilReady = true } = {}): Promise<this> {
    const { args, folder, name, env } = this.#options;
    mkdirSync(folder, { recursive: true });
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log = createWriteStream(join(folder, `${name}.log`), { flags: "a" });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    this.#child = child;
    await this.#answering(child, untilReady);
    return this;
  }

  async #answering(child: ChildProcess, untilReady: boolean): Promise<void> {
    const { name } = this.#options;
    const until = Date.now() + startLimitMs;
    while (Date.now() < until) {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${this.#lastWords()}`);
      const answer = await fetch(`${this.url}/ready`).catch(() => undefined);
      if (answer?.ok === true || (answer !== undefined && !untilReady)) return;
      await sleep(50);
    }
    throw new Error(`${name} was not ready within ${startLimitMs} ms: ${this.#lastWords()}`);
  }

  /** The end of its log. */
  #lastWords(): string {
    const log = join(this.#options.folder, `${this.#options.name}.log`);
    return readFileSync(log, "utf8").slice(-lastWordsLength);
  }

  /** Asks it to stop; its exit code. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const timer = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
    child.kill("SIGTERM");
    const [code] = (await once(child, "exit")) as [number | null];
    clearTimeout(timer);
    return code;
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  get pid(): number {
    return this.#child!.pid!;
  }
}
