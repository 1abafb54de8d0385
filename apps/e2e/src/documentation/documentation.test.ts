import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RatatoskProcess } from "../process.ts";
import { pushLines } from "../push-lines.ts";
import { realPart } from "../real-parts.ts";
import { notRun } from "./not-run.ts";
import { type Outcome, runCommand, runUntil } from "./run-command.ts";
import { commandsOf, pages } from "./shell-commands.ts";
import { freePorts, type Ports, writePrograms, writeWorld } from "./world.ts";

const promtool = realPart("promtool");
const isNotRun = (line: string): boolean => notRun.some(([pattern]) => pattern.test(line));
const commands = pages.map((page) => [page, commandsOf(page)] as const);

/** What goes on until it is stopped: a server, an agent, a page before another server. */
const stays = /^(npx )?(ratatosk (all|agent|agent run) \S*config\S+|ratatosk explore .*|npm start)\s*(#.*)?$/;

describe("every command of the documentation works", () => {
  const folder = mkdtempSync(join(tmpdir(), "e2e-documentation-"));
  const world = join(folder, "world");
  const processes: RatatoskProcess[] = [];
  let ports: Ports;

  beforeAll(async () => {
    ports = await freePorts();
    mkdirSync(world);
    writeWorld(world, ports);
    writePrograms(join(folder, "bin"));
    const url = `http://127.0.0.1:${ports.server}`;
    const started = async (args: string[], name: string, port: number): Promise<void> => {
      const program = new RatatoskProcess({ args, folder: world, name, url: `http://127.0.0.1:${port}` });
      processes.push(program);
      await program.start();
    };
    await started(["all", "--config.file=ratatosk.yaml"], "server", ports.server);
    const now = BigInt(Date.now()) * 1_000_000n;
    const lines = ['{"status":500,"msg":"hello"}', '{"status":200,"level":"error"}'];
    for (const app of ["nginx", "cart", "demo"]) await pushLines(url, { app, env: "prod", job: "varlogs" }, lines, now);
    await started(["agent", "-config.file=promtail.yaml"], "agent", ports.agent);
  });
  afterAll(async () => {
    await Promise.all(processes.map((one) => one.stop()));
    rmSync(folder, { recursive: true });
  });

  const optionsIn = (home: string, { server }: Ports) => ({
    folder: home,
    env: { PATH: `${join(folder, "bin")}:${process.env["PATH"]}`, HOME: home, LOKI_ADDR: `http://127.0.0.1:${server}` },
  });

  /** The line with the addresses and names of this world. */
  const placed = async (line: string): Promise<string> => {
    const here = line
      .replaceAll(/(?:localhost|127\.0\.0\.1|HOST|INGESTER):3100/g, `127.0.0.1:${ports.server}`)
      .replaceAll("node1:9080", `127.0.0.1:${ports.agent}`);
    return here.includes("a1b2c3d4") ? here.replaceAll("a1b2c3d4", await deleteRequest()) : here;
  };

  const deleteRequest = async (): Promise<string> => {
    const query = new URLSearchParams({ query: '{app="cart"} |= "nothing"', start: "1718000000" });
    const response = await fetch(`http://127.0.0.1:${ports.server}/loki/api/v1/delete?${query}`, { method: "POST" });
    return response.headers.get("x-delete-request-id")!;
  };

  /** In a world of its own, as it has addresses and a store of its own. */
  const runStaying = async (line: string): Promise<Outcome> => {
    const [own, home] = [await freePorts(), mkdtempSync(join(folder, "own-"))];
    writeWorld(home, own);
    const isAgent = line.includes(" agent ");
    const port = isAgent ? own.agent : own.server;
    const command = line
      .replace("npm start", `ratatosk start --config.file=ratatosk.yaml`)
      .replace("loki:3100", `127.0.0.1:${ports.server}`)
      .replace(/(ratatosk explore .*?)( --listen \S+)?$/, `$1 --listen 127.0.0.1:${port}`)
      .replace("config.alloy", `config.alloy --server.http.listen-addr=127.0.0.1:${port}`);
    const isUp = async (): Promise<boolean> =>
      (await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined)) !== undefined;
    return runUntil(command, isUp, optionsIn(home, isAgent ? ports : own));
  };

  const runFollowing = async (line: string): Promise<Outcome> =>
    runUntil(line, (output) => output.includes("hello"), optionsIn(world, ports));

  const runLine = async (line: string): Promise<Outcome> => {
    if (stays.test(line)) return runStaying(line);
    return line.includes("--follow") ? runFollowing(line) : runCommand(await placed(line), optionsIn(world, ports));
  };

  /** What several pages say is run once. */
  const seen = new Set<string>();
  const isNew = (line: string): boolean => {
    const bare = line.replace(/\s+#.*/, "");
    return !seen.has(bare) && seen.add(bare).has(bare);
  };
  const isRun = (line: string): boolean => !isNotRun(line) && (promtool !== undefined || !line.startsWith("promtool"));
  const wanted = commands
    .map(([page, lines]) => [page, lines.filter((line) => isRun(line) && isNew(line))] as const)
    .filter(([, lines]) => lines.length > 0);

  test.concurrent.each(wanted)("%s", async (_, lines) => {
    for (const line of lines) expect({ line, ...(await runLine(line)) }).toMatchObject({ line, code: 0 });
  });
});

test.each(notRun)("%s is in the documentation, and is not run: %s", (pattern) => {
  expect(commands.filter(([, lines]) => lines.some((line) => pattern.test(line)))).not.toEqual([]);
});
