import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const program = fileURLToPath(new URL("../bin/ratatosk.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "ratatosk-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function ratatosk(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: { ...process.env, ...env } });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (part) => (stdout += String(part)));
  child.stderr.on("data", (part) => (stderr += String(part)));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

function configFile(text: string): string {
  const file = join(folder, "config.yaml");
  writeFileSync(file, text);
  return file;
}

test("--version and --help", async () => {
  await expect(ratatosk(["--version"])).resolves.toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ratatosk \d/),
  });
  const { code, stdout } = await ratatosk(["--help"]);
  expect(code).toBe(0);
  for (const command of ["all", "agent", "distributor", "ingester", "querier", "compactor", "ruler", "query", "push"])
    expect(stdout).toContain(`\n  ${command} `);
});

test("output that nobody reads to its end ends the command", async () => {
  const child = spawn(process.execPath, [program, "all", "--help"], { cwd: folder });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (part) => (stderr += String(part)));
  expect([await once(child, "close"), stderr]).toEqual([[0, null], ""]);
});

test("all --help lists every setting with its default", async () => {
  const { code, stdout } = await ratatosk(["all", "--help"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/--server\.http_listen_port <number> +Port of the HTTP listener\. \(default 3100\)/);
  expect(stdout).toContain("--limits_config.max_line_size <size>");
});

test.each([
  [["nonsense"], "unknown command 'nonsense'"],
  [["all", "--server.http_listen_prot=1"], "unknown option '--server.http_listen_prot=1'"],
  [["all", "--server.http_listen_port=x"], '--server.http_listen_port: expected a number, got "x"'],
  [["all", "--config.file=missing.yaml"], "missing.yaml: cannot be read"],
  [["query"], "missing required argument 'query'"],
  [["push", "--label", "x"], "--label: expected NAME=VALUE"],
])("%j is a usage error", async (args, message) => {
  const { code, stderr } = await ratatosk(args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test.each(["-config.file", "--config.file"])("a bad setting is one line with file and line, %s", async (flag) => {
  const file = configFile("server:\n  http_listen_prot: 1\n");
  const { code, stderr } = await ratatosk(["all", `${flag}=${file}`]);
  const message = `ratatosk: ${file}:2: server.http_listen_prot: unknown setting, expected http_listen_port?\n`;
  expect([code, stderr]).toEqual([2, message]);
});

test("--verify-config checks and exits, variables expanded", async () => {
  const args = ["all", `-config.file=${configFile("server: {http_listen_port: ${PORT}}")}`, "--verify-config"];
  await expect(ratatosk([...args, "-config.expand-env"], { PORT: "3" })).resolves.toMatchObject({ code: 0 });
  await expect(ratatosk([...args, "-config.expand-env=true"], { PORT: "3" })).resolves.toMatchObject({ code: 0 });
  await expect(ratatosk(args)).resolves.toMatchObject({ code: 2 });
});

test("a server that does not answer is a failure", async () => {
  const { code, stderr } = await ratatosk(["labels", "--url", "http://127.0.0.1:1"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("http://127.0.0.1:1 does not answer")]);
});
