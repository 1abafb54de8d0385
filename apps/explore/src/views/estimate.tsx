import { useEffect, useState } from "preact/hooks";
import type { IndexStats } from "../api/answers.ts";
import { api, page } from "../state/store.ts";
import type { Range } from "../time/range.ts";
import { bytesText, countText } from "./amounts.ts";

const muchBytes = 10e9;

/** What the query would read, as the index tells before it runs. */
export function Estimate({
  selector,
  range,
}: {
  readonly selector: string | undefined;
  readonly range: () => Range | undefined;
}) {
  const [stats, setStats] = useState<IndexStats | undefined>(undefined);
  const server = api.value;
  const { from, to } = page.value.range;
  useEffect(() => {
    const aborter = new AbortController();
    const now = range();
    const timer = setTimeout(() => {
      if (selector === undefined || now === undefined) return setStats(undefined);
      server.indexStats(selector, now, aborter.signal).then(setStats, () => setStats(undefined));
    }, 300);
    return () => {
      clearTimeout(timer);
      aborter.abort();
    };
  }, [selector, from, to, server]);
  if (stats === undefined) return null;
  const isMuch = stats.bytes > muchBytes;
  return (
    <p class={isMuch ? "estimate much" : "estimate"} role={isMuch ? "alert" : undefined}>
      {isMuch && "Much to read: "}
      about {countText(stats.streams)} {stats.streams === 1 ? "stream" : "streams"}, {countText(stats.entries)} lines,{" "}
      {bytesText(stats.bytes)} in this range
      {isMuch && ". A label or a shorter range makes it fast."}
    </p>
  );
}
