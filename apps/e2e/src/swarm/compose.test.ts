import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readBackOnce } from "../read-back.ts";
import { composeCommand, ComposeProject } from "./compose.ts";
import { docker } from "./docker.ts";
import { missingParts } from "./parts.ts";

const startNanos = BigInt(Date.now() - 60_000) * 1_000_000n;
const command = missingParts.length === 0 ? composeCommand() : undefined;
if (command === undefined) process.stderr.write("!!! NOT RUN: docker-compose.yml, without docker-compose\n");
const queries = "http://127.0.0.1:3101";

describe.runIf(command !== undefined)("docker-compose.yml on one host", () => {
  const project = new ComposeProject("one-host", command ?? []);

  beforeAll(async () => {
    await project.run("up", "-d");
    await project.settled();
  });
  afterAll(() => project.run("kill"));

  test("lines of containers come back with the labels of Compose", async () => {
    const stack = { stack: project.name, stream: "stdout" };
    await readBackOnce(queries, '{service="writer"}', { count: 50, startNanos });
    const answer = await fetch(`${queries}/loki/api/v1/series?match[]={service="writer"}`);
    const { data } = (await answer.json()) as { data: object[] };
    expect(data).toMatchObject([{ ...stack, service: "writer", container: expect.stringContaining("writer") }]);
  });

  test("whatever is restarted or dies: nothing is lost and nothing comes twice", async () => {
    const pid = await docker(["inspect", "--format", "{{.State.Pid}}", await project.container("ingester-2")]);
    process.kill(Number(pid), "SIGKILL");
    await project.settled();
    await project.run("restart", "agent", "distributor", "ingester-1", "querier", "compactor", "ruler", "minio");
    await project.settled();
    const writer = await project.container("writer");
    await docker(["kill", "--signal", "USR2", writer]);
    await sleep(1000);
    const wrote = (await docker(["logs", writer])).split("\n");
    const found = await readBackOnce(queries, '{service="writer"}', { count: wrote.length, startNanos });
    expect(found).toEqual(wrote);
    process.stdout.write(`${wrote.length} lines on Compose: 0 lost, 0 twice\n`);
  });

  test("`down` and `up` keep what is stored", async () => {
    const writer = '{service="writer"}';
    const before = await readBackOnce(queries, writer, { count: 1, startNanos });
    await project.run("down");
    await project.run("up", "-d");
    await project.settled();
    const after = await readBackOnce(queries, writer, { count: before.length + 1, startNanos });
    expect(after.slice(0, before.length)).toEqual(before);
  });
});
