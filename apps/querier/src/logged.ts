import type { Answer } from "@ratatosk/engine";
import type { HttpRequest } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";
import { inSpan } from "@ratatosk/observability";
import type { QueryLog } from "./query-log.ts";
import { queryTags } from "./query-tags.ts";

interface Asked {
  readonly kind: "range" | "instant";
  readonly query: string;
  readonly request: HttpRequest;
}

/** Runs a query and tells the log what it cost or how it failed. */
export async function logged(
  log: QueryLog,
  { kind, query, request }: Asked,
  run: () => Promise<Answer>,
): Promise<Answer> {
  log.began();
  try {
    const answer = await inSpan({ name: "query", attributes: { query, "query.kind": kind } }, async (span) => {
      const found = await run();
      span?.set(costOf(found));
      return found;
    });
    const type = answer.result.type === "streams" ? "logs" : "metric";
    const tags = queryTags(request.headers);
    log.done({ kind, type, query, tenants: request.tenants, user: request.user, tags, stats: answer.stats });
    return answer;
  } catch (error) {
    log.failed(query, RatatoskError.from(error).code);
    throw error;
  } finally {
    log.ended();
  }
}

const costOf = ({ stats }: Answer): Record<string, number> => ({
  "query.bytes": stats.bytes,
  "query.lines": stats.lines,
  "query.chunks": stats.chunksMatched,
  "query.blocks": stats.blocksRead,
  "query.blocks_skipped": stats.blocksSkipped,
  "query.returned_lines": stats.entriesReturned,
});
