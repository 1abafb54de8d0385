#!/usr/bin/env node
// Starts src/main.ts under Node 24: this very process where it is one, else the bundled Node in a child process.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const bundled = fileURLToPath(
  new URL(`../../../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url),
);

if (Number(process.versions.node.split(".")[0]) >= 24) await import(main);
else if (existsSync(bundled)) runIn(bundled);
else {
  process.stderr.write("ratatosk: not installed yet; `npm ci` in its folder installs all it needs\n");
  process.exitCode = 1;
}

function runIn(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
