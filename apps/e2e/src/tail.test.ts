import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "./free-port.ts";
import type { RatatoskProcess } from "./process.ts";
import { pushLines } from "./push-lines.ts";
import { serverProcess } from "./server.ts";

const startNanos = BigInt(Date.now() - 60_000) * 1_000_000n;
let folder: string;
let members: RatatoskProcess[];
let distributor: RatatoskProcess;
let querier: RatatoskProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "e2e-tail-"));
  const storage = `--storage.filesystem.directory=${join(folder, "objects")}`;
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  members = await Promise.all(
    ports.map((port, i) => {
      const flags = [storage, `--server.grpc_listen_port=${port}`];
      return serverProcess({ role: "ingester", name: `ingester-${i}`, folder: join(folder, `ingester-${i}`), flags });
    }),
  );
  await Promise.all(members.map((member) => member.start()));
  const addresses = ports.map((port) => `127.0.0.1:${port}`).join(",");
  const ring = [`--ring.members=[${addresses}]`, "--ring.replication_factor=3", "--ring.health_period=200ms"];
  distributor = await serverProcess({ role: "distributor", folder, flags: ring });
  querier = await serverProcess({ role: "querier", folder, flags: [...ring, storage] });
  await Promise.all([distributor.start(), querier.start()]);
});
afterAll(async () => {
  await Promise.all([distributor, querier, ...members].map((process) => process.kill()));
  rmSync(folder, { recursive: true });
});

/** Follows `{app="tail"}`; what comes is added to `lines`. */
function follow(lines: string[]): { opened: Promise<void>; closed: Promise<number> } {
  const query = encodeURIComponent('{app="tail"}');
  const socket = new WebSocket(`${querier.url.replace("http:", "ws:")}/loki/api/v1/tail?query=${query}&limit=5000`);
  socket.addEventListener("message", ({ data }) => {
    const { streams } = JSON.parse(String(data)) as { streams: { values: [string, string][] }[] };
    for (const { values } of streams) lines.push(...values.map(([, line]) => line));
  });
  return {
    opened: new Promise((resolve) => socket.addEventListener("open", () => resolve())),
    closed: new Promise((resolve) => socket.addEventListener("close", ({ code }) => resolve(code))),
  };
}

const made = (from: number, count: number): string[] => Array.from({ length: count }, (_, i) => `line ${from + i}`);

async function push(from: number, count: number): Promise<void> {
  await pushLines(distributor.url, { app: "tail" }, made(from, count), startNanos + BigInt(from));
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600 && !condition(); tries++) await sleep(50);
}

test("tails over three replicas lose nothing and repeat nothing, also while lines come and an ingester dies", async () => {
  await push(0, 100);
  const tails = Array.from({ length: 3 }, (): string[] => []);
  const pushing = (async () => {
    for (let i = 1; i <= 20; i++) await push(i * 100, 100);
  })();
  const clients = tails.map(follow);
  await pushing;
  await until(() => tails.every((lines) => lines.length >= 2100));
  await members[0]!.kill();
  await push(2100, 100);
  await until(() => tails.every((lines) => lines.length >= 2200));
  await sleep(300);
  for (const lines of tails) expect(lines.toSorted(byNumber)).toEqual(made(0, 2200));
  expect(clients).toHaveLength(3);
});

test("a server that stops cuts its tails, so that clients connect again", async () => {
  const { opened, closed } = follow([]);
  await opened;
  await querier.stop();
  expect(await closed).toBe(1006);
});

const byNumber = (a: string, b: string): number => Number(a.slice(5)) - Number(b.slice(5));
