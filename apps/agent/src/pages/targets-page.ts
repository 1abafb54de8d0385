import type { TargetStatus } from "../files/file-targets.ts";
import { escapeHtml, labelsHtml, page, row, table } from "./html.ts";
import type { Watched } from "./watched.ts";

/** `/targets`: what is read, how far, and what is wrong with it; how far each server is behind. */
export function targetsPage(agent: Watched, links?: readonly string[]): string {
  const jobs = agent.targets.map(({ job, targets }) => {
    const ready = targets.filter(({ isReady }) => isReady).length;
    return `<h2>${escapeHtml(job)} (${ready}/${targets.length} ready)</h2>${table(["Type", "Ready", "Labels", "Details"], targets.map(targetRow))}`;
  });
  const servers = agent.servers.map(({ url, tenant, batches, bytes, lastError }) =>
    row(escapeHtml(url), escapeHtml(tenant), String(batches), String(bytes), escapeHtml(lastError ?? "")),
  );
  const queues = `<h2>Servers</h2>${table(["Server", "Tenant", "Batches waiting", "Bytes on disk", "Last error"], servers)}`;
  return page("Targets", jobs.join("") + queues, links);
}

function targetRow({ type, isReady, labels, details }: TargetStatus): string {
  const rows = details.map(({ name, position, lagBytes, lines, bytes, lastError }) => {
    const numbers = [lagBytes ?? "unknown", lines, bytes].map(String);
    return row(escapeHtml(name), escapeHtml(position), ...numbers, escapeHtml(lastError ?? ""));
  });
  const inner = table(["Source", "Position", "Lag in bytes", "Lines", "Bytes", "Last error"], rows);
  return row(escapeHtml(type), String(isReady), labelsHtml(labels), inner);
}
