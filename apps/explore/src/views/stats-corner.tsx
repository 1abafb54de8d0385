import type { Stats } from "../api/answers.ts";
import { bytesText, countText, secondsText } from "./amounts.ts";

/** What the last answer cost. */
export function StatsCorner({ stats }: { readonly stats: Stats | undefined }) {
  const summary = stats?.summary;
  if (summary === undefined) return null;
  const chunks = findNumber(stats, "totalChunksDownloaded");
  const skipped = Math.max(0, findNumber(stats, "totalChunksRef") - chunks);
  return (
    <span class="stats" title="Read for the last answer">
      {bytesText(summary["totalBytesProcessed"] ?? 0)} read
      {skipped > 0 && ` · ${countText(skipped)} ${skipped === 1 ? "chunk" : "chunks"} skipped`} ·{" "}
      {secondsText(summary["execTime"] ?? 0)}
    </span>
  );
}

/** The sum of a number wherever it stands in the statistics. */
function findNumber(value: unknown, name: string): number {
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + (key === name && typeof inner === "number" ? inner : findNumber(inner, name)),
    0,
  );
}
