import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "./free-port.ts";
import { linesOf, madeUp } from "./loghub.ts";
import { Minio } from "./minio.ts";
import type { RatatoskProcess } from "./process.ts";
import { pushLines } from "./push-lines.ts";
import { readBack } from "./read-back.ts";
import { realPart } from "./real-parts.ts";
import { serverProcess } from "./server.ts";
import { until } from "./until.ts";

const minioProgram = realPart("minio");
const ingesters = 3;

describe.runIf(minioProgram !== undefined)(
  "distributor, three ingesters and querier apart, over gRPC, with MinIO below",
  () => {
    let folder: string;
    let minio: Minio;
    let members: RatatoskProcess[];
    let distributor: RatatoskProcess;
    let querier: RatatoskProcess;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "e2e-apart-"));
      minio = await Minio.start(minioProgram!, join(folder, "minio"));
      const storage = [...minio.flags("apart"), "--limits_config.reject_old_samples=false"];
      const ports = await Promise.all(Array.from({ length: ingesters }, freePort));
      const memberProcess = (port: number, i: number): Promise<RatatoskProcess> => {
        const flags = [...storage, `--server.grpc_listen_port=${port}`];
        return serverProcess({ role: "ingester", name: `ingester-${i}`, folder: join(folder, `ingester-${i}`), flags });
      };
      members = await Promise.all(ports.map(memberProcess));
      await Promise.all(members.map((member) => member.start()));
      const addresses = ports.map((port) => `127.0.0.1:${port}`).join(",");
      const ring = [`--ring.members=[${addresses}]`, "--ring.replication_factor=3", "--ring.health_period=200ms"];
      distributor = await serverProcess({ role: "distributor", folder, flags: ring });
      querier = await serverProcess({ role: "querier", folder, flags: [...ring, ...storage] });
      await Promise.all([distributor.start(), querier.start()]);
    });
    afterAll(async () => {
      await Promise.all([distributor, querier, ...members].map((process) => process.kill()));
      await minio.stop();
      rmSync(folder, { recursive: true });
    });

    const startNanos = BigInt(Date.now()) * 1_000_000n;
    const lines = Array.from({ length: 6 }, (_, i) => linesOf(madeUp(i, 500)));

    test("every acknowledged line is found at once, once, whatever its replicas", async () => {
      for (const [i, some] of lines.slice(0, 3).entries())
        await pushLines(distributor.url, { app: "apart", stream: String(i) }, some, startNanos);
      for (const [i, some] of lines.slice(0, 3).entries())
        expect(await readBack(querier.url, `{app="apart", stream="${i}"}`, startNanos)).toEqual(some);
    });

    test("with one ingester of three gone pushes and queries go on, and lose nothing", async () => {
      await members[0]!.kill();
      for (const [i, some] of lines.slice(3).entries())
        await pushLines(distributor.url, { app: "apart", stream: String(i + 3) }, some, startNanos);
      for (const [i, some] of lines.entries())
        expect(await readBack(querier.url, `{app="apart", stream="${i}"}`, startNanos)).toEqual(some);
      await members[0]!.start();
    });

    test("what the ingesters have shipped is found in the store, replicas and all, once", async () => {
      for (const member of members) expect((await fetch(`${member.url}/flush`, { method: "POST" })).status).toBe(204);
      for (const [i, some] of lines.entries())
        expect(await readBack(querier.url, `{app="apart", stream="${i}"}`, startNanos)).toEqual(some);
    });

    test("nothing that queries read is held once they are answered", async () => {
      const underWay = /^loki_inflight_requests\{method="gRPC",route="[^"]*Read"\} ([1-9]\d*)$/m;
      const held = async ({ url }: RatatoskProcess): Promise<boolean> =>
        underWay.test(await (await fetch(`${url}/metrics`)).text());
      for (const member of members) expect(await until(async () => !(await held(member)))).toBe(true);
    });

    test("SIGTERM ends each of them with exit code 0", async () => {
      const codes = await Promise.all([distributor, querier, ...members].map((process) => process.stop()));
      expect(codes).toEqual(codes.map(() => 0));
    });
  },
);
