import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { S3Config } from "@ratatosk/object-store";
import { freePort } from "./free-port.ts";

const user = "ratatosk";
const password = "ratatosk-secret";

/** A MinIO server over a folder. */
export class Minio {
  readonly #child: ChildProcess;
  readonly #port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#port = port;
  }

  static async start(program: string, folder: string): Promise<Minio> {
    const port = await freePort();
    const child = spawn(
      program,
      ["server", folder, "--address", `127.0.0.1:${port}`, "--console-address", "127.0.0.1:0"],
      {
        env: { ...process.env, MINIO_ROOT_USER: user, MINIO_ROOT_PASSWORD: password, MINIO_BROWSER: "off" },
        stdio: "ignore",
      },
    );
    for (let tries = 0; tries < 300; tries++) {
      const answer = await fetch(`http://127.0.0.1:${port}/minio/health/live`).catch(() => undefined);
      if (answer?.ok === true) return new Minio(child, port);
      await sleep(100);
    }
    child.kill("SIGKILL");
    throw new Error("MinIO was not ready within 30 s");
  }

  get port(): number {
    return this.#port;
  }

  /** How a server reaches `bucket`, maybe by a proxy on another port. */
  settings(bucket: string, port = this.#port): S3Config {
    return {
      endpoint: `127.0.0.1:${port}`,
      bucket,
      access_key_id: user,
      secret_access_key: password,
      insecure: true,
      region: "us-east-1",
      s3forcepathstyle: true,
    };
  }

  /** The flags of a server that stores in `bucket`. */
  flags(bucket: string, port = this.#port): string[] {
    return Object.entries(this.settings(bucket, port)).map(([name, value]) => `--storage.s3.${name}=${value}`);
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await exited;
  }
}
