import { execFileSync } from "node:child_process";
import { Command } from "commander";
import { expect, test } from "vitest";
import { createProgram } from "../program.ts";
import { bashScript } from "./bash.ts";
import { commandTable } from "./command-table.ts";
import { fishScript } from "./fish.ts";
import { zshScript } from "./zsh.ts";

const table = commandTable(createProgram({ code: 0 }));

function inBash(...words: string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const ask = `COMP_WORDS=(ratatosk ${quoted}); COMP_CWORD=${words.length}; _ratatosk; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", `${bashScript(table)}\n${ask}`], { encoding: "utf8" })
    .split("\n")
    .filter(Boolean);
}

test.each<[words: string[], offered: string[]]>([
  [["que"], ["querier", "query"]],
  [
    ["storage", ""],
    ["ls", "stat", "verify"],
  ],
  [["query", "--out"], ["--output"]],
  [
    ["query", "--output", ""],
    ["default", "raw", "jsonl"],
  ],
  [["all", "--server.http_listen_p"], ["--server.http_listen_port"]],
  [["completion", "z"], ["zsh"]],
])("bash completes %j", (words, offered) => {
  expect(inBash(...words)).toEqual(expect.arrayContaining(offered));
  expect(inBash(...words).every((word) => word.startsWith(words.at(-1)!))).toBe(true);
});

test("zsh and fish are told every command and option, quoted", () => {
  const program = new Command("ratatosk");
  program.command("one").description("it's $one").option("--a.b <x>", "how");
  const small = commandTable(program);
  expect(zshScript(small)).toContain(`'one:it'\\''s $one'`);
  expect(zshScript(small)).toContain(`'one') offered=('--a.b:how')`);
  expect(fishScript(small)).toContain("-a one -d 'it\\'s $one'");
  expect(fishScript(small)).toContain("complete -c ratatosk -n '__fish_seen_subcommand_from one' -l a.b -rF -d 'how'");
  for (const { path } of table) expect(zshScript(table)).toContain(`'${path}'`);
});
