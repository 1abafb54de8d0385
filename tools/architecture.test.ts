import { globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

interface Manifest {
  readonly name: string;
  readonly dependencies: Record<string, string>;
  readonly nx: { readonly tags: readonly string[] };
}

interface Project {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly layer: number;
  /** Packages that its sources import, those that only tests import apart. */
  readonly imports: ReadonlySet<string>;
  readonly testImports: ReadonlySet<string>;
  readonly references: readonly string[];
}

const root = fileURLToPath(new URL("..", import.meta.url));
const testTools = new Set(["vitest", "zod"]);
/** What is declared and used without an import: asked for by a package that is imported, run by a build, loaded into a browser. */
const usedOtherwise: Readonly<Record<string, readonly string[]>> = {
  "@ratatosk/explore": ["@lezer/lr", "vite"],
  "@ratatosk/e2e": ["axe-core"],
};
const read = (path: string): string => readFileSync(path, "utf8");

const projects = globSync("{libs,apps}/*/package.json", { cwd: root }).sort().map(readProject);
const byName = new Map(projects.map((project) => [project.manifest.name, project]));

function readProject(path: string): Project {
  const folder = dirname(path);
  const manifest = JSON.parse(read(join(root, path))) as Manifest;
  const files = globSync("{src,bin}/**/*.{ts,tsx,mjs}", { cwd: join(root, folder) });
  const isTest = (file: string): boolean => /\.(test|bench)\.ts$/.test(file) || file.endsWith("testing.ts");
  const importsOf = (list: string[]): Set<string> =>
    new Set(list.flatMap((file) => packagesIn(read(join(root, folder, file)))));
  const { references } = JSON.parse(read(join(root, folder, "tsconfig.json"))) as { references: { path: string }[] };
  return {
    folder,
    manifest,
    layer: Number(manifest.nx.tags.find((tag) => tag.startsWith("layer:"))?.slice("layer:".length)),
    imports: importsOf(files.filter((file) => !isTest(file))),
    testImports: importsOf(files.filter(isTest)),
    references: references.map(({ path: target }) => relative(root, resolve(root, folder, target))),
  };
}

/** Packages that a source imports: `@scope/name` or `name`, without the path inside it. */
function packagesIn(source: string): string[] {
  const specifiers = source.matchAll(
    /^(?:import|export) [^"'`;=]*?from ["']([^"'.][^"']*)["'];?$|^import ["']([^"'.][^"']*)["'];?$|\bimport\(["']([^"'.][^"']*)["']\)/gm,
  );
  return [...specifiers]
    .map(([, named, bare, dynamic]) => named ?? bare ?? dynamic ?? "")
    .filter((name) => !isBuiltin(name))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
}

describe.each(projects.map((project) => [project.folder, project] as const))("%s", (_folder, project) => {
  const { manifest, layer, imports, testImports, references } = project;
  const declared = Object.keys(manifest.dependencies);
  const own = declared.filter((name) => byName.has(name));

  test("imports lower layers only", () => {
    const upwards = own.filter((name) => byName.get(name)!.layer >= layer);
    expect(upwards).toEqual([]);
  });

  test("declares what it imports", () => {
    const missing = [...imports].filter((name) => name !== manifest.name && !declared.includes(name));
    const missingInTests = [...testImports].filter(
      (name) => name !== manifest.name && !declared.includes(name) && !testTools.has(name),
    );
    expect([...missing, ...missingInTests]).toEqual([]);
  });

  test("declares nothing else", () => {
    const used = new Set([...imports, ...testImports, ...(usedOtherwise[manifest.name] ?? [])]);
    expect(declared.filter((name) => !used.has(name))).toEqual([]);
  });

  test("references in tsconfig.json are the packages of this repository that it declares", () => {
    expect(new Set(references)).toEqual(new Set(own.map((name) => byName.get(name)!.folder)));
  });
});

test("tsconfig.json at the root builds every project", () => {
  const { references } = JSON.parse(read(join(root, "tsconfig.json"))) as { references: { path: string }[] };
  expect(new Set(references.map(({ path }) => path))).toEqual(
    new Set([...projects.map(({ folder }) => folder), "tools"]),
  );
});
