#!/usr/bin/env node
// Starts src/main.ts under Node 24: this very process where it is one, else the bundled Node in a child process.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as module from "node:module";
import { fileURLToPath } from "node:url";

const root = new URL("../../../", import.meta.url);
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const bundled = fileURLToPath(new URL(`node_modules/node-${process.platform}-${process.arch}/bin/node`, root));

const environment = {
  ...process.env,
  // Without types to strip and code to compile a start takes a fraction of the time and 25 MiB less.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? fileURLToPath(new URL("node_modules/.cache/ratatosk", root)),
  // Blocks of lines are freed to the system at once. glibc would come to keep what was freed, up to 32 MiB a block and
  // for each of many arenas: a third of what a busy server held.
  MALLOC_MMAP_THRESHOLD_: process.env.MALLOC_MMAP_THRESHOLD_ ?? "131072",
  MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? "2",
};
// Lines are bytes outside the heap: few objects are young, and those that a server still needs after 4 MiB are old. V8 would
// come to keep 100 MiB for them; less than this makes old what is soon forgotten. An agent keeps next to no objects.
const [leastYoung, mostYoung] = process.argv[2] === "agent" ? [1, 2] : [4, 4];
const flags = [`--min-semi-space-size=${leastYoung}`, `--max-semi-space-size=${mostYoung}`];
const compiledAfterMs = 10_000;

if (Number(process.versions.node.split(".")[0]) < 24) {
  if (existsSync(bundled)) runIn(bundled);
  else {
    process.stderr.write("ratatosk: not installed yet; `npm ci` in its folder installs all it needs\n");
    process.exitCode = 1;
  }
} else if (Object.keys(environment).some((name) => process.env[name] === undefined) && process.execve) {
  // The C library reads its settings when a process begins.
  const args = [...flags, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, [process.execPath, ...args], environment);
} else {
  // A process that is killed keeps what it has compiled by then.
  setTimeout(module.flushCompileCache, compiledAfterMs).unref();
  await import(main);
}

function runIn(node) {
  const child = spawn(node, [...flags, main, ...process.argv.slice(2)], { stdio: "inherit", env: environment });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
