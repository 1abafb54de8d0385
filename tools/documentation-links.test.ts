import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = globSync(["*.md", "docs/**/*.md", "deploy/**/*.md", "conformance/*.md", "{libs,apps}/*/README.md"], {
  cwd: root,
});
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** The name that a heading has as the target of a link. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const anchorsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, text]) => anchorOf(text!));

function isBroken(page: string, target: string): boolean {
  const [path, anchor] = target.split("#") as [string, string?];
  const file = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return true;
  return anchor !== undefined && !anchorsOf(file).includes(anchor);
}

test.each(pages)("every link of %s leads somewhere", (page) => {
  const targets = [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target]) => target!);
  expect(targets.filter((target) => isBroken(page, target))).toEqual([]);
});

test("docs/README.md names every page", () => {
  const index = read("docs/README.md");
  const named = globSync("**/*.md", { cwd: join(root, "docs") }).filter((name) => name !== "README.md");
  expect(named.filter((name) => !index.includes(`(${name})`))).toEqual([]);
});
