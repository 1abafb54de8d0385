// Copies what the image runs from an installed checkout: our sources without their tests, and the packages they depend
// on. Usage: node runtime-files.mjs CHECKOUT IMAGE
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const checkout = realpathSync(process.argv[2]);
const image = process.argv[3];
const home = join(image, "program/ratatosk");
const notRun = /\.(test|bench)\.ts$|\.d\.[cm]?ts$|\.(map|md|markdown)$|\.tsbuildinfo$/;
const ourFoldersNotRun =
  /\/(dist\/types|node_modules|testing)$|^libs\/[^/]+\/dist$|^apps\/(?!explore\/)[^/]+\/dist$|^apps\/e2e$/;
const asideInPackages = /^\/(node_modules|tests?|__tests__|docs?|examples?|build\/(esm|esnext))$/;
const bundled = "apps/explore"; // its page carries what it needs
const packages = neededPackages();

for (const path of ["apps", "libs", "proto", "package.json", "deploy/health.mjs"])
  copy(path, (from) => !notRun.test(from) && !ourFoldersNotRun.test(from));
for (const { name, folder } of packages)
  if (name.startsWith("@ratatosk/")) link(name, folder);
  else copy(folder, (from) => !notRun.test(from) && !asideInPackages.test(from.slice(folder.length)));
cpSync(join(checkout, "deploy/config/all.yaml"), join(image, "program/etc/ratatosk/all.yaml"));
mkdirSync(join(image, "state/data"), { recursive: true });
mkdirSync(join(home, "compiled"));
chownSync(join(home, "compiled"), 1000, 1000); // Node keeps what it compiled by user

function copy(path, isWanted) {
  const filter = (from) => isWanted(relative(checkout, from));
  cpSync(join(checkout, path), join(home, path), { recursive: true, filter });
}

function link(name, folder) {
  const path = join("node_modules", name);
  mkdirSync(dirname(join(home, path)), { recursive: true });
  symlinkSync(relative(dirname(path), folder), join(home, path));
}

/** All packages that the program loads, each with its real folder, found as Node finds them. */
function neededPackages() {
  const found = new Map();
  const visit = (from) => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(checkout, from, "package.json"), "utf8"));
    for (const name of Object.keys(dependencies)) {
      const folder = packageFolder(from, name);
      if (found.has(folder)) continue;
      found.set(folder, { name, folder });
      if (folder !== bundled) visit(folder);
    }
  };
  visit("apps/ratatosk");
  return found.values();
}

function packageFolder(from, name) {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(checkout, folder, "node_modules", name);
    if (existsSync(join(path, "package.json"))) return relative(checkout, realpathSync(path));
    if (folder === ".") throw new Error(`${from} needs ${name}, which is not installed`);
  }
}
