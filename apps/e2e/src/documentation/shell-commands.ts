import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** Pages that tell users what to type. */
export const pages: readonly string[] = [
  "README.md",
  "deploy/README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`)
    .toSorted(),
];

/** The code blocks of a page in a language; those in a list lose its indentation. */
function blocksOf(page: string, language: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  const blocks = text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([^]*?)^\\1\`\`\`$`, "gm"));
  return [...blocks].map(([, indent, block]) => block!.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
}

/** The commands of a page, one a line; a line that ends in `\` goes on. */
export const commandsOf = (page: string): string[] =>
  blocksOf(page, "sh").flatMap((block) =>
    block
      .replaceAll(/\\\n\s*/g, "")
      .split("\n")
      .filter((line) => line.trim() !== ""),
  );

/** The file that a page shows under a name, `# rules.yaml` in the first line of a block. */
export function fileOf(page: string, name: string): string {
  const found = blocksOf(page, "yaml").find((block) => block.startsWith(`# ${name}\n`));
  if (found === undefined) throw new Error(`${page} shows no ${name}`);
  return found;
}
