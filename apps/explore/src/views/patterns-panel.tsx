import { useEffect, useState } from "preact/hooks";
import type { PatternSeries } from "../api/answers.ts";
import { ApiError } from "../api/api-error.ts";
import { selectorOf } from "../logql/derived.ts";
import { addStage } from "../logql/edit.ts";
import { quote } from "../logql/quote.ts";
import { levelOf } from "../lines/level.ts";
import { draft, run, search } from "../state/session.ts";
import { api } from "../state/store.ts";
import { stepSeconds } from "../time/range.ts";
import { countText } from "./amounts.ts";
import { Icon } from "./icons.tsx";
import { Sparkline } from "./sparkline.tsx";

/** What the lines have in common, the most frequent first. */
export function PatternsPanel() {
  const question = search.question.value;
  const [patterns, setPatterns] = useState<readonly PatternSeries[] | undefined>(undefined);
  const [error, setError] = useState("");
  useEffect(() => {
    const selector = question && selectorOf(question.query);
    if (question === undefined || selector === undefined) return;
    const aborter = new AbortController();
    setPatterns(undefined);
    setError("");
    api.value
      .patterns(selector, question.range, Math.max(10, stepSeconds(question.range, 60)), aborter.signal)
      .then(setPatterns, (thrown) => {
        const failure = ApiError.from(thrown);
        if (!failure.isCancelled) setError(failure.status === 404 ? "This server keeps no patterns." : failure.text);
      });
    return () => aborter.abort();
  }, [question]);
  const counted = (patterns ?? [])
    .map((one) => ({ ...one, count: one.samples.reduce((sum, [, count]) => sum + count, 0) }))
    .sort((a, b) => b.count - a.count);
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  return (
    <aside class="card side" aria-label="Patterns">
      <h2>Patterns</h2>
      {error !== "" && <p class="hint">{error}</p>}
      {patterns === undefined && error === "" && <p class="hint">Loading …</p>}
      {patterns?.length === 0 && <p class="hint">No patterns in this range yet; they are kept for recent lines.</p>}
      <ol class="patterns">
        {counted.slice(0, 100).map(({ pattern, level, samples, count }) => (
          <li key={`${level} ${pattern}`} class={`l-${levelOf(level)}`}>
            <div class="pattern-head">
              <b>{((100 * count) / total).toFixed(1)} %</b>
              <small>{countText(count)}</small>
              <Sparkline values={samples.map(([, one]) => one)} />
              <button
                type="button"
                class="tiny"
                aria-label={`Only lines like ${pattern}`}
                onClick={() => run(addStage(draft.value, `|> ${quote(pattern)}`))}
              >
                <Icon name="plus" />
              </button>
              <button
                type="button"
                class="tiny"
                aria-label={`Without lines like ${pattern}`}
                onClick={() => run(addStage(draft.value, `!> ${quote(pattern)}`))}
              >
                <Icon name="minus" />
              </button>
            </div>
            <code>{pattern}</code>
          </li>
        ))}
      </ol>
    </aside>
  );
}
