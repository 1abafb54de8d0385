import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentProcess, fileJob } from "./agent.ts";
import { corpora, linesOf } from "./loghub.ts";
import { Minio } from "./minio.ts";
import type { RatatoskProcess } from "./process.ts";
import { readBackOnce } from "./read-back.ts";
import { realPart } from "./real-parts.ts";
import { serverProcess } from "./server.ts";

const startNanos = BigInt(Date.now() - 60_000) * 1_000_000n;
const files = corpora();
const minioProgram = realPart("minio");

let folder: string;
let minio: Minio | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "e2e-loghub-"));
  if (minioProgram !== undefined) minio = await Minio.start(minioProgram, join(folder, "minio"));
});
afterAll(async () => {
  await minio?.stop();
  rmSync(folder, { recursive: true });
});

describe("files through the agent into a server that stores in a directory", () => {
  comeBack("directory", () => []);
});

describe.runIf(minioProgram !== undefined)("files through the agent into a server that stores in MinIO", () => {
  comeBack("s3", () => minio!.flags("loghub"));
});

function comeBack(name: string, storage: () => string[]): void {
  let server: RatatoskProcess;
  let agent: RatatoskProcess;
  beforeAll(async () => {
    const input = join(folder, name, "input");
    mkdirSync(input, { recursive: true });
    for (const file of files) writeFileSync(join(input, `${file.name}.log`), file.text);
    server = await (await serverProcess({ folder: join(folder, name), flags: storage() })).start();
    const options = { serverUrl: server.url, jobs: [fileJob("loghub", join(input, "*.log"))] };
    agent = await (await agentProcess({ folder: join(folder, name, "agent"), ...options })).start();
  });
  afterAll(async () => {
    await agent?.kill();
    await server?.kill();
  });

  const readAll = async (): Promise<Record<string, string[]>> => {
    const found: Record<string, string[]> = {};
    for (const file of files) {
      const query = `{filename="${join(folder, name, "input", `${file.name}.log`)}"}`;
      const count = linesOf(file.text).length;
      found[file.name] = await readBackOnce(server.url, query, { count, startNanos });
    }
    return found;
  };
  const written = Object.fromEntries(files.map((file) => [file.name, linesOf(file.text)]));

  test("every line comes back, byte for byte, once, in order", async () => {
    expect(await readAll()).toEqual(written);
  });

  test("and again from the store after a flush and a restart", async () => {
    expect(await agent.stop()).toBe(0);
    const flushed = await fetch(`${server.url}/flush`, { method: "POST" });
    expect(flushed.status).toBe(204);
    expect(await server.stop()).toBe(0);
    await server.start();
    expect(await readAll()).toEqual(written);
  });
}
