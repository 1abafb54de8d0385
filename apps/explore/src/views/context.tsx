import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api/api-error.ts";
import { type Entry, entriesOf, entryKey } from "../lines/entry.ts";
import { segments } from "../lines/segments.ts";
import { streamSelector } from "../logql/derived.ts";
import { api, page } from "../state/store.ts";
import { formatMillis } from "../time/nanos.ts";
import { Segments } from "./segments.tsx";

const hour = 3_600_000_000_000n;

/** The lines before and after a line in its own stream, whatever the query filters. */
export function Context({ entry }: { readonly entry: Entry }) {
  const [count, setCount] = useState(8);
  const [lines, setLines] = useState<readonly Entry[] | undefined>(undefined);
  const [error, setError] = useState("");
  useEffect(() => {
    const aborter = new AbortController();
    around(entry, count, aborter.signal).then(setLines, (thrown) => {
      const failure = ApiError.from(thrown);
      if (!failure.isCancelled) setError(failure.text);
    });
    return () => aborter.abort();
  }, [entry, count]);
  if (error !== "") return <p class="problem">{error}</p>;
  if (lines === undefined) return <p class="hint">Reading the lines around it …</p>;
  const key = entryKey(entry);
  return (
    <section class="context" aria-label="Context">
      {lines.map((one, i) => (
        <div key={i} class={`line-head l-${one.level}${entryKey(one) === key ? " here" : ""}`}>
          <time>{formatMillis(one.nanos, page.value.zone)}</time>
          <span class="text">
            <Segments segments={segments(one.line, undefined)} />
          </span>
        </div>
      ))}
      <button type="button" onClick={() => setCount(count * 2)}>
        More lines around it
      </button>
    </section>
  );
}

async function around({ nanos, stream }: Entry, count: number, signal: AbortSignal): Promise<Entry[]> {
  const at = BigInt(nanos);
  const selector = streamSelector(stream);
  const [before, after] = await Promise.all([
    api.value.queryRange(
      selector,
      { start: at - 12n * hour, end: at },
      { limit: count, direction: "backward" },
      signal,
    ),
    api.value.queryRange(
      selector,
      { start: at, end: at + 12n * hour },
      { limit: count + 1, direction: "forward" },
      signal,
    ),
  ]);
  return [after, before].flatMap((answer) => (answer.resultType === "streams" ? entriesOf(answer.result) : []));
}
