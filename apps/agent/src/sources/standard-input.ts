import { hostname } from "node:os";
import type { Agent } from "../agent.ts";
import type { JobConfig } from "../config/agent-config.ts";
import { Origin } from "../origin.ts";

/** Reads standard input to its end, with labels and stages of a job. Empty lines are passed over. */
export async function readStandardInput(job: JobConfig | undefined, agent: Agent): Promise<void> {
  const outlet = agent.pipelineFor(job);
  const labels = labelsOf(job);
  const origin = new Origin("stdin", "stdin");
  let rest: Buffer = Buffer.alloc(0);
  const give = async (bytes: Buffer): Promise<void> => {
    const starts: number[] = [];
    const ends: number[] = [];
    for (let from = 0, at = bytes.indexOf(10); at >= 0; from = at + 1, at = bytes.indexOf(10, from))
      if (at > from) {
        starts.push(from);
        ends.push(at);
      }
    if (starts.length === 0) return;
    const columns = { starts: Uint32Array.from(starts), ends: Uint32Array.from(ends), count: starts.length };
    await outlet.ready();
    outlet.lines({ origin, labels, bytes, base: origin.read, time: agent.clock.take(starts.length), ...columns });
    origin.read += bytes.length;
  };
  for await (const piece of process.stdin as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, piece]);
    const end = bytes.lastIndexOf(10) + 1;
    await give(bytes.subarray(0, end));
    rest = Buffer.from(bytes.subarray(end));
  }
  if (rest.length > 0) await give(Buffer.concat([rest, Buffer.from("\n")]));
  outlet.flush();
}

function labelsOf(job: JobConfig | undefined): Map<string, string> {
  if (job?.source.kind === "files" && job.source.statics[0]) return new Map(job.source.statics[0].labels);
  return new Map([
    ["job", "stdin"],
    ["hostname", hostname()],
  ]);
}
