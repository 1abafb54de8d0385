import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../free-port.ts";
import { Minio } from "../minio.ts";
import type { RatatoskProcess } from "../process.ts";
import { readBack, readBackOnce } from "../read-back.ts";
import { realPart } from "../real-parts.ts";
import { serverProcess } from "../server.ts";
import { smallDisk } from "../small-disk.ts";
import { until } from "../until.ts";
import { FaultyStore } from "./faulty-store.ts";
import { Link } from "./link.ts";
import { SteadyWriter } from "./steady-writer.ts";

const minioProgram = realPart("minio");
const folder = mkdtempSync(join(tmpdir(), "e2e-faults-"));
const diskMiB = 24;
const disk = smallDisk(join(folder, "disk"), diskMiB);
afterAll(() => {
  if (disk !== undefined) execFileSync("umount", ["-l", disk]);
  rmSync(folder, { recursive: true });
});

describe.runIf(minioProgram !== undefined)("three ingesters under a steady load", () => {
  const startNanos = BigInt(Date.now()) * 1_000_000n;
  let minio: Minio;
  let store: FaultyStore;
  let links: Link[];
  let members: RatatoskProcess[];
  let distributor: RatatoskProcess;
  let querier: RatatoskProcess;
  let writers: SteadyWriter[];

  beforeAll(async () => {
    minio = await Minio.start(minioProgram!, join(folder, "minio"));
    store = await FaultyStore.before(minio.port);
    const storage = [
      ...minio.flags("faults", store.port),
      "--store.index_listing_period=1s",
      "--limits_config.ingestion_rate_mb=1000",
      "--limits_config.ingestion_burst_size_mb=1000",
      "--limits_config.per_stream_rate_limit=1GB",
      "--limits_config.per_stream_rate_limit_burst=1GB",
    ];
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    links = await Promise.all(ports.map((port) => Link.to(port)));
    members = await Promise.all(
      ports.map((port, i) => {
        const home = join(folder, `ingester-${i}`);
        const wal = i === 2 && disk !== undefined ? disk : home;
        const flags = [...storage, `--server.grpc_listen_port=${port}`, `--ingester.wal.dir=${wal}/wal`];
        return serverProcess({ role: "ingester", name: `ingester-${i}`, folder: home, flags });
      }),
    );
    await Promise.all(members.map((member) => member.start()));
    const addresses = links.map(({ port }) => `127.0.0.1:${port}`).join(",");
    const ring = [`--ring.members=[${addresses}]`, "--ring.replication_factor=3", "--ring.health_period=500ms"];
    distributor = await serverProcess({ role: "distributor", folder, flags: [...ring, ...storage.slice(-4)] });
    querier = await serverProcess({ role: "querier", folder, flags: [...ring, ...storage] });
    await Promise.all([distributor.start(), querier.start()]);
    writers = ["one", "two", "three"].map((name) => new SteadyWriter(distributor.url, name, startNanos).start());
  });
  afterAll(async () => {
    await Promise.all(writers.map((writer) => writer.stop()));
    await Promise.all([distributor, querier, ...members].map((process) => process.kill()));
    await Promise.all(links.map((link) => link.close()));
    await store.close();
    await minio.stop();
  });

  /** Every writer gets so many more lines acknowledged from now on. */
  const goOn = async (lines = 200): Promise<void> => {
    const goals = writers.map(({ acknowledged }) => acknowledged.length + lines);
    await until(() => writers.every(({ acknowledged }, i) => acknowledged.length >= goals[i]!));
  };

  /** Lines acknowledged by now that do not come back, each in its place and once. */
  const lost = async (): Promise<string[]> => {
    const found = writers.map(async ({ acknowledged, selector }) => {
      const lines = [...acknowledged];
      const back = await readBack(querier.url, selector, startNanos);
      return lines.filter((line, i) => back[i] !== line);
    });
    return (await Promise.all(found)).flat();
  };

  test("a slow wire to one of them holds up neither pushes nor queries", async () => {
    links[0]!.delayMs = 300;
    await goOn();
    expect(await lost()).toEqual([]);
    links[0]!.delayMs = 0;
  });

  test("wires that are cut again and again", async () => {
    for (let i = 0; i < 10; i++) {
      links[i % links.length]!.cut();
      await goOn(40);
    }
    expect(await lost()).toEqual([]);
  });

  test("one behind a wire that is dead is done without, and lacks nothing when it is back", async () => {
    links[1]!.partition();
    await goOn();
    expect(await lost()).toEqual([]);
    links[1]!.heal();
    await goOn();
    expect(await lost()).toEqual([]);
  });

  test("two behind dead wires: nothing is acknowledged that is not safe, and pushes go on when they are back", async () => {
    links[0]!.partition();
    links[1]!.partition();
    const refused = writers.map(({ refusals }) => refusals.length);
    await until(() => writers.every(({ refusals }, i) => refusals.length > refused[i]!));
    for (const link of links) link.heal();
    await goOn();
    expect(await lost()).toEqual([]);
  });

  test("a store that answers 500: pushes go on, what could not be shipped is kept", async () => {
    store.mood = "failing";
    const flushes = members.map(({ url }) => fetch(`${url}/flush`, { method: "POST" }));
    await until(() => store.spoilt >= members.length);
    await goOn();
    store.recover();
    await Promise.allSettled(flushes);
    expect(await lost()).toEqual([]);
  });

  test("a store that takes requests and does not answer", async () => {
    store.mood = "hanging";
    const before = store.spoilt;
    const flushes = members.map(({ url }) => fetch(`${url}/flush`, { method: "POST" }));
    await until(() => store.spoilt >= before + members.length);
    await goOn();
    store.recover();
    await Promise.allSettled(flushes);
    expect(await lost()).toEqual([]);
  });

  test.runIf(disk !== undefined)("a full disk at one of them", async () => {
    const ballast = join(disk!, "ballast");
    expect(() => writeFileSync(ballast, Buffer.alloc(diskMiB * 2 ** 20))).toThrow("ENOSPC");
    await goOn();
    expect(await lost()).toEqual([]);
    rmSync(ballast);
    await goOn();
    expect(await lost()).toEqual([]);
  });

  test("all that was acknowledged is in the store in the end, once", async () => {
    await Promise.all(writers.map((writer) => writer.stop()));
    expect(await Promise.all(members.slice(0, 2).map((member) => member.stop()))).toEqual([0, 0]);
    await members[2]!.kill();
    for (const member of members.slice(0, 2)) await member.start();
    for (const { acknowledged, selector } of writers) {
      const count = acknowledged.length;
      expect(await readBackOnce(querier.url, selector, { count, startNanos })).toEqual(acknowledged);
    }
    const total = writers.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
    const refused = [...new Set(writers.flatMap(({ refusals }) => refusals))];
    process.stdout.write(`${total} lines acknowledged: 0 lost, 0 twice; refusals: ${refused.join(" | ")}\n`);
  });
});
