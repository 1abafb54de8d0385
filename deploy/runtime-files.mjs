// Copies what the image runs from an installed checkout: our sources without their tests, and the packages they depend
// on. Usage: node runtime-files.mjs CHECKOUT IMAGE
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const [checkout, image] = process.argv.slice(2);
const home = join(image, "program/ratatosk");
const notRun = /\.(test|bench)\.ts$|\.d\.[cm]?ts$|\.(map|md|markdown)$|\.tsbuildinfo$/;
const foldersNotRun = /^(apps|libs)\/.*\/(dist|node_modules|testing)$|^apps\/e2e$/;
const asideInPackages = /^\/(node_modules|tests?|__tests__|docs?|examples?)$/;

for (const path of ["apps", "libs", "proto", "package.json", "deploy/health.mjs"])
  copy(path, (from) => !notRun.test(from) && !foldersNotRun.test(from));
for (const path of neededPackages())
  if (path.startsWith("node_modules/@ratatosk/")) linkTo(path);
  else copy(path, (from) => !notRun.test(from) && !asideInPackages.test(from.slice(path.length)));
cpSync(join(checkout, "deploy/config/all.yaml"), join(image, "program/etc/ratatosk/all.yaml"));
mkdirSync(join(image, "state/data"), { recursive: true });
mkdirSync(join(home, "compiled"));
chownSync(join(home, "compiled"), 1000, 1000); // Node keeps what it compiled by user

function copy(path, isWanted) {
  const filter = (from) => isWanted(relative(checkout, from));
  cpSync(join(checkout, path), join(home, path), { recursive: true, filter });
}

function linkTo(path) {
  const [folder] = ["apps", "libs"]
    .map((one) => join(one, path.split("/").at(-1)))
    .filter((one) => existsSync(join(checkout, one)));
  mkdirSync(dirname(join(home, path)), { recursive: true });
  symlinkSync(relative(dirname(path), folder), join(home, path));
}

/** The folders of all packages that the program loads, found as Node finds them. */
function neededPackages() {
  const found = new Set();
  const visit = (from) => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(checkout, from, "package.json"), "utf8"));
    for (const name of Object.keys(dependencies)) {
      const path = packageFolder(from, name);
      if (found.has(path)) continue;
      found.add(path);
      visit(path);
    }
  };
  visit("apps/ratatosk");
  return found;
}

function packageFolder(from, name) {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, "node_modules", name);
    if (existsSync(join(checkout, path, "package.json"))) return path;
    if (folder === ".") throw new Error(`${from} needs ${name}, which is not installed`);
  }
}
