import type { Agent } from "../agent.ts";
import { escapeHtml, labelsHtml, page, row, table } from "./html.ts";

/** `/service-discovery`: what was found, what became of it, what was dropped and why. */
export function servicePage(agent: Agent): string {
  const jobs = agent.targets.map(({ job, targets }) => {
    const active = targets.map(({ discovered, labels }) => row(labelsHtml(discovered), labelsHtml(labels)));
    const dropped = agent.targetEvents
      .droppedOf(job)
      .map(({ discovered, reason }) => row(labelsHtml(discovered), `dropped: ${reason}`));
    const heads = ["Discovered labels", "Target labels"];
    return `<h2>${escapeHtml(job)}</h2>${table(heads, [...active, ...dropped])}`;
  });
  return page("Service discovery", jobs.join(""));
}
