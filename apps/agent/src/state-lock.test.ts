import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@ratatosk/observability";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockState, type State } from "./state-lock.ts";

const log = createLogger("silent");
let directory: string;
let state: State;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "state-"));
  state = stateAt("positions.yaml");
});
afterEach(() => rmSync(directory, { recursive: true }));

const stateAt = (name: string): State => ({
  path: join(directory, name),
  lock: join(directory, `${name}.lock`),
  instead: "give this one a path of its own",
});

/** Another process that takes the lock and says so. */
async function holder(): Promise<ReturnType<typeof spawn>> {
  const program = `
    const { lockState } = await import(${JSON.stringify(join(import.meta.dirname, "state-lock.ts"))});
    const log = { warn: () => undefined };
    await lockState(${JSON.stringify(state)}, log);
    setInterval(() => undefined, 1000);
    process.stdout.write("held");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

test("who comes second is told which process holds the state, and what to do", async () => {
  const first = (await lockState(state, log))!;
  await expect(lockState(state, log)).rejects.toThrow(
    new RegExp(
      `positions\\.yaml is in use by process ${process.pid} on ${hostname()} since [-0-9T:]+Z: ` +
        "stop that agent, or give this one a path of its own",
    ),
  );
  await first.release();
  const second = (await lockState(state, log))!;
  await second.release();
  expect(readdirSync(directory)).toEqual([]);
});

test("a process that is killed frees it", { timeout: 60_000 }, async () => {
  const child = await holder();
  await expect(lockState(state, log)).rejects.toThrow(`in use by process ${child.pid} `);
  child.kill("SIGKILL");
  await once(child, "exit");
  await (await lockState(state, log))!.release();
});

test("one that hangs keeps it", { timeout: 60_000 }, async () => {
  const child = await holder();
  child.kill("SIGSTOP");
  await expect(lockState(state, log)).rejects.toThrow("in use by a process that does not say which");
  child.kill("SIGKILL");
  await once(child, "exit");
});

test("of several that find a lock left behind one gets it", { timeout: 60_000 }, async () => {
  const child = await holder();
  child.kill("SIGKILL");
  await once(child, "exit");
  const results = await Promise.allSettled(Array.from({ length: 3 }, () => lockState(state, log)));
  const held = results.flatMap((result) => (result.status === "fulfilled" ? [result.value!] : []));
  expect(held).toHaveLength(1);
  await held[0]!.release();
});

test("a path may be longer than a socket's address", async () => {
  state = stateAt(join("d".repeat(150), "positions.yaml"));
  const first = (await lockState(state, log))!;
  await expect(lockState(state, log)).rejects.toThrow("in use by process");
  await first.release();
});

test("a place that cannot be written is used without a lock", async () => {
  writeFileSync(join(directory, "file"), "");
  expect(await lockState(stateAt(join("file", "positions.yaml")), log)).toBeUndefined();
});
