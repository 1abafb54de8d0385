import { setFlagsFromString } from "node:v8";

/** Runs `ratatosk …` and returns its exit code: 0, 1 when it failed, 2 when it was called wrongly. */
export async function runCommandLine([command, ...rest]: readonly string[]): Promise<number> {
  // Lines are bytes outside the heap: without this V8 keeps 100 MiB for young objects, of which there are few. Has an effect
  // only before they are many.
  setFlagsFromString("--semi-space-growth-factor=1");
  process.stdout.once("error", endOfOutput);
  try {
    // The agent's flags are Promtail's: it reads them itself, and nothing is loaded that it does not need.
    if (command === "agent") return await runAgent(rest);
    // A server's lines pass through memory outside a small heap. V8 counts them against the heap's growth and would collect
    // every 10 MiB, at a third of what a push costs.
    setFlagsFromString("--heap-growing-percent=200");
    const { runProgram } = await import("./program.ts");
    return await runProgram(command === undefined ? [] : [command, ...rest]);
  } catch (error) {
    process.stderr.write(`ratatosk: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof Error && error.name === "ConfigError" ? 2 : 1;
  }
}

/** Whoever reads what is printed may have seen enough, as `| head` has. */
function endOfOutput(error: NodeJS.ErrnoException): never {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}

async function runAgent(args: readonly string[]): Promise<number> {
  const agent = await import("@ratatosk/agent/run");
  return agent.runAgent(args);
}
