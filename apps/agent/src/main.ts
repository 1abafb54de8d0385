import { enableCompileCache } from "node:module";

// What was compiled once is not compiled again, which halves start and memory.
enableCompileCache();
const { runAgent } = await import("./run-agent.ts");
process.exitCode = await runAgent(process.argv.slice(2));
