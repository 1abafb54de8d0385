import { beginAnewOnceCompiled, compileAll } from "./compile-once.ts";

/** `ratatosk agent …` with Promtail's command line, or Alloy's; resolves with the exit code. Loads what is asked for alone. */
export async function runAgent(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === "top") return (await import("./top/top.ts")).runTop(rest);
  if (isAlloyCommand(command)) return (await import("./alloy/commands/commands.ts")).runAlloy(command, rest);
  const { runPromtail } = await import("./run-promtail.ts");
  if (args.length === 1 && versionFlag.test(args[0]!)) await compileAll();
  else beginAnewOnceCompiled();
  return runPromtail(args);
}

const versionFlag = /^--?version$/;
type AlloyCommand = "run" | "fmt" | "validate" | "convert";
const alloyCommands: readonly string[] = ["run", "fmt", "validate", "convert"] satisfies AlloyCommand[];
const isAlloyCommand = (name: string | undefined): name is AlloyCommand =>
  name !== undefined && alloyCommands.includes(name);
