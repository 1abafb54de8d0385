import { appendFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readBackOnce } from "../read-back.ts";
import { until } from "../until.ts";
import { bulkQuestion, pushBulk } from "./bulk.ts";
import { docker } from "./docker.ts";
import { imageBytes, images } from "./images.ts";
import { missingParts } from "./parts.ts";
import { Stack } from "./stack.ts";
import { Watch } from "./watch.ts";

const startNanos = BigInt(Date.now() - 60_000) * 1_000_000n;
const stack = new Stack("e2e");
const service = "e2e_writer";
const ofWriters = { query: `sum(count_over_time({service="${service}"}[1h]))` };
const watch = new Watch(stack, (n) => (n % 2 === 0 ? ofWriters : bulkQuestion(n)));
const sharedJobs = (): Promise<number> => stack.metric("querier", 'ratatosk_querier_shared_jobs_total{outcome="done"}');
/** Where what is stored cannot be read queries may fail; nowhere else. */
const mayFail = "MinIO restarts";

describe.runIf(missingParts.length === 0)("the stack on a swarm, under a steady load of three writers", () => {
  const killed: string[] = [];

  beforeAll(async () => {
    await stack.deploy(images.ratatosk);
    await stack.settled();
  });
  afterAll(async () => {
    await watch.stop();
    await stack.remove();
  });

  const step =
    (run: () => Promise<void>) =>
    async ({ task }: { task: { name: string } }): Promise<void> => {
      watch.during = task.name;
      await run();
      await sleep(3000);
    };

  /** Kills a task; which it was, once another does its work. */
  async function kill(role: string): Promise<string> {
    const [task] = (await stack.containers(role)) as [string];
    killed.push(task);
    await docker(["kill", "--signal", "KILL", task]);
    await sleep(1000);
    await stack.settled();
    return task;
  }

  test("the image adds at most 80 MB to its base", async () => {
    const added = (await imageBytes(images.ratatosk)) - (await imageBytes(images.base));
    process.stdout.write(`the image adds ${(added / 1e6).toFixed(1)} MB to its base\n`);
    expect(added).toBeLessThan(80e6);
  });

  test("containers write nowhere but to their volumes, are asked how they are, and only the agent is root", async () => {
    const format = "{{.Name}} {{.HostConfig.ReadonlyRootfs}} {{.State.Health.Status}} {{.Config.User}}";
    for (const role of ["agent", "distributor", "ingester", "querier", "compactor", "ruler"])
      for (const id of await stack.containers(role)) {
        const [name, ...found] = (await docker(["inspect", "--format", format, id])).split(" ");
        expect([name, ...found]).toEqual([name, "true", "healthy", role === "agent" ? "0:0" : "1000:1000"]);
      }
  });

  test("lines of containers come back with their Swarm labels, those of files with the node's name", async () => {
    const [url] = await stack.urls("querier");
    const found = await readBackOnce(url!, `{service="${service}", task_slot="2"}`, { count: 50, startNanos });
    expect(found.length).toBeGreaterThanOrEqual(50);
    const answer = await fetch(`${url}/loki/api/v1/series?match[]={service="${service}"}`);
    const { data } = (await answer.json()) as { data: Record<string, string>[] };
    expect(data).toHaveLength(3);
    expect(new Set(data.map((labels) => labels["task_slot"]))).toEqual(new Set(["1", "2", "3"]));
    for (const { container, ...labels } of data) {
      expect(labels).toMatchObject({ stack: stack.name, service, stream: "stdout", node: hostname() });
      expect(container).toContain(`${service}.${labels["task_slot"]}.`);
    }
    appendFileSync("/var/log/e2e.log", "a line of a file\n");
    const ofFile = await readBackOnce(url!, `{node="${hostname()}", filename="/var/log/e2e.log"}`, {
      count: 1,
      startNanos,
    });
    expect(ofFile).toEqual(["a line of a file"]);
  });

  test("queriers share what is much", async () => {
    const [distributor] = await stack.urls("distributor");
    await pushBulk(distributor!);
    expect(await sharedJobs()).toBe(0);
    for (const url of await stack.urls("ingester")) await fetch(`${url}/flush/tenant`, { method: "POST" });
    watch.start();
    await until(async () => (await sharedJobs()) > 0);
  });

  test(
    "a querier is killed",
    step(async () => {
      const task = await kill("querier");
      expect(await stack.containers("querier")).not.toContain(task);
      const before = await sharedJobs();
      await until(async () => (await sharedJobs()) > before);
    }),
  );

  test(
    "a fourth ingester comes",
    step(async () => {
      await stack.scale("ingester=4");
      await stack.settled();
      expect(await stack.containers("ingester")).toHaveLength(4);
    }),
  );

  test(
    "the fourth ingester goes",
    step(async () => {
      await stack.scale("ingester=3");
      await stack.settled();
      expect(await stack.containers("ingester")).toHaveLength(3);
    }),
  );

  test(
    "an ingester is killed",
    step(async () => {
      const task = await kill("ingester");
      expect(await stack.containers("ingester")).not.toContain(task);
    }),
  );

  test(
    "MinIO restarts",
    step(async () => {
      const task = await kill("minio");
      expect(await stack.containers("minio")).not.toContain(task);
    }),
  );

  test(
    "the distributors go and come",
    step(async () => {
      await stack.scale("distributor=0");
      await stack.settled();
      expect(await stack.containers("distributor")).toEqual([]);
      await sleep(3000);
      await stack.scale("distributor=2");
      await stack.settled();
    }),
  );

  test(
    "the image is updated, and all that stops does so with exit code 0",
    step(async () => {
      await stack.deploy(images.next, 2);
      await sleep(2000);
      await stack.settled();
      for (const role of ["agent", "distributor", "ingester", "querier", "compactor", "ruler"])
        for (const id of await stack.containers(role))
          expect(await docker(["inspect", "--format", "{{.Config.Image}}", id])).toBe(images.next);
      const exited = [
        "ps",
        "--all",
        "--no-trunc",
        "--filter",
        "status=exited",
        "--filter",
        `ancestor=${images.ratatosk}`,
      ];
      const ends = (await docker([...exited, "--format", "{{.ID}} {{.Names}} {{.Status}}"])).split("\n");
      expect(ends.length).toBeGreaterThan(5);
      const bad = ends.filter((end) => !killed.some((id) => end.startsWith(id)) && !end.includes("Exited (0)"));
      expect(bad).toEqual([]);
      const jobs = await until(sharedJobs);
      process.stdout.write(`the new queriers have given each other ${jobs} jobs so far\n`);
    }),
  );

  test("nothing is lost and nothing comes twice", async () => {
    const writers = await stack.containers("writer");
    await docker(["kill", "--signal", "USR2", ...writers]);
    await sleep(1000);
    const [url] = await stack.urls("querier");
    let lines = 0;
    for (const id of writers) {
      const wrote = (await docker(["logs", id])).split("\n");
      const slot = /writer=writer-(\d+) n=0 /.exec(wrote[0]!)![1]!;
      const selector = `{service="${service}", task_slot="${slot}"}`;
      const found = await readBackOnce(url!, selector, { count: wrote.length, startNanos });
      expect([slot, found.length]).toEqual([slot, wrote.length]);
      expect(found).toEqual(wrote);
      lines += wrote.length;
    }
    process.stdout.write(`${lines} lines of ${writers.length} writers: 0 lost, 0 twice\n`);
  });

  test("no query failed but while what is stored could not be read, and none counted wrong", async () => {
    await watch.stop();
    const inWindow = watch.failures.filter(({ during }) => during === mayFail);
    const windowMs = inWindow.length === 0 ? 0 : inWindow.at(-1)!.atMs - inWindow[0]!.atMs;
    process.stdout.write(
      `${watch.asked} queries, the slowest took ${watch.slowestMs} ms, ${watch.failures.length} failed; ` +
        `in the window "${mayFail}": ${inWindow.length} over ${windowMs} ms\n`,
    );
    expect(watch.failures.filter(({ during }) => during !== mayFail)).toEqual([]);
    expect(watch.wrong).toEqual([]);
  });
});
