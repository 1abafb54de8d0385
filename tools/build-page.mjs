#!/usr/bin/env node
// Builds the Explore page where it is missing or older than its sources. Runs before `npm start`; takes a few seconds.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../apps/explore/", import.meta.url));
const built = join(project, "dist/page/index.html");
const sources = ["src", "index.html", "package.json", "vite.config.ts"];

/** Whether a file of `paths`, folders included, is newer than `target`, or `target` is missing. */
export function isStale(target, paths) {
  if (!existsSync(target)) return true;
  const builtMs = statSync(target).mtimeMs;
  return paths.flatMap(filesOf).some((path) => statSync(path).mtimeMs > builtMs);
}

const filesOf = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
        .map((entry) => join(entry.parentPath, entry.name))
    : [path];

function main() {
  if (
    !isStale(
      built,
      sources.map((name) => join(project, name)),
    )
  )
    return;
  const began = Date.now();
  process.stderr.write("Building the Explore page, a few seconds …\n");
  const vite = fileURLToPath(new URL("../node_modules/vite/bin/vite.js", import.meta.url));
  const { status } = spawnSync(process.execPath, [vite, "build", "--logLevel", "warn"], {
    cwd: project,
    stdio: "inherit",
  });
  if (status === 0) process.stderr.write(`Built in ${((Date.now() - began) / 1000).toFixed(1)} s.\n`);
  else process.stderr.write("The Explore page could not be built; the server runs without it.\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
