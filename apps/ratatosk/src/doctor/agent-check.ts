import { send } from "../client/api.ts";
import { printSize } from "../client/print.ts";
import { examine, type Finding } from "./finding.ts";
import { parseSamples } from "./samples.ts";

const manyBytes = 16e6;

/** Asks an agent's metrics whether it keeps up with its files and loses nothing. */
export function checkAgent(url: string): Promise<Finding[]> {
  return examine("agent", `start the agent, or give its HTTP address, such as http://node1:9080`, async () => {
    const response = await send({ url }, "/metrics", {});
    if (!response.ok) throw new Error(`${url}/metrics: ${response.status}`);
    const samples = parseSamples(await response.text());
    const sum = (metric: string): number =>
      samples.filter(({ name }) => name === metric).reduce((total, { value }) => total + value, 0);
    const [lag, dropped, failed] = [
      sum("promtail_file_lag_bytes"),
      sum("promtail_dropped_entries_total"),
      sum("promtail_targets_failed_total"),
    ];
    const findings: Finding[] = [];
    if (lag > manyBytes)
      findings.push(
        warning(
          `${url} is ${printSize(lag)} behind its files`,
          "check that the server takes its pushes, and its limits",
        ),
      );
    if (dropped > 0)
      findings.push(warning(`${url} dropped ${dropped} lines`, "its log says why: refused by the server, or too long"));
    if (failed > 0)
      findings.push(
        warning(`${url} cannot read ${failed} targets`, "check paths and permissions in its configuration"),
      );
    return findings.length > 0
      ? findings
      : [{ state: "ok", about: "agent", what: `${url} keeps up, ${printSize(lag)} to read` }];
  });
}

const warning = (what: string, advice: string): Finding => ({ state: "warning", about: "agent", what, advice });
