import { parentPort, workerData } from "node:worker_threads";
import { runInputs } from "./run-inputs.ts";
import type { Report, Task } from "./run-targets.ts";
import { targets } from "./targets/index.ts";

const { names, inputs, current } = workerData as Task;
const port = parentPort!;
// Refusals are many, and their stacks take longer than most reads; the command that reads one input again shows its stack.
if (inputs.count > 1) Error.stackTraceLimit = 0;
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const report = (message: Report): void => port.postMessage(message);

for (const target of targets.filter(({ name }) => names.includes(name))) {
  const { name } = target;
  report({ kind: "begin", name });
  const outcome = await runInputs(target, inputs, {
    begun: (number) => Atomics.store(current, 0, BigInt(number)),
    crashed: (number, input, error) => {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      report({ kind: "crash", name, number, input, why });
    },
  });
  report({ kind: "end", name, ...outcome });
}
