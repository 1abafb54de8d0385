import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadConfig } from "@ratatosk/config";
import type { Command, CommanderError } from "commander";
import { expect, test } from "vitest";
import { Config } from "./config.ts";
import { createProgram } from "./program.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`),
].filter((page) => page.endsWith(".md"));

const blocksOf = (page: string, languages: string): string[] => {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(new RegExp(`^ *\`\`\`(?:${languages})\\n([^]*?)^ *\`\`\``, "gm"))].map(
    ([, block]) => block!,
  );
};

/** What follows the name of this program, up to a pipe, a redirection or a comment. */
const call = /(?:^|[\s|(;&])(?:npx )?ratatosk ((?:'[^']*'|"[^"]*"|[^'"|>#;&)])+)/;

/** Commands of this program in the shell examples of a page; the agent reads its own flags. */
function commandsOf(page: string): string[] {
  const lines = blocksOf(page, "sh|bash|console").flatMap((text) => text.replaceAll(/\\\n/g, " ").split("\n"));
  const calls = lines.flatMap((line) => call.exec(line)?.[1] ?? []);
  return calls.map((text) => text.trim()).filter((text) => !text.startsWith("agent"));
}

/** The words of a shell command. */
const words = (command: string): string[] =>
  [...command.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)].map(([, a, b, c]) => a ?? b ?? c!);

function silenced(command: Command): Command {
  command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  if (command.commands.length === 0) command.action(() => undefined);
  command.commands.forEach(silenced);
  return command;
}

const commands = pages.flatMap((page) => commandsOf(page).map((command) => [page, command] as const));

test("there are commands in the documentation", () => {
  expect(commands.length).toBeGreaterThan(15);
});

test.each(commands)("%s: ratatosk %s", async (_, command) => {
  const program = silenced(createProgram({ code: 0 }));
  const parsed = program.parseAsync(words(command), { from: "user" }).then(
    () => "parsed",
    (error: CommanderError) => (error.exitCode === 0 ? "parsed" : error.message),
  );
  expect(await parsed).toBe("parsed");
});

const settings = pages.flatMap((page) =>
  blocksOf(page, "yaml")
    .filter((block) => block.startsWith("# ratatosk.yaml"))
    .map((block) => [page, block] as const),
);

test.each(settings)("%s: the settings %s can be read", (page, text) => {
  expect(loadConfig(Config, { text, file: page })).toBeDefined();
});
