import { ApiError } from "../api/api-error.ts";
import { selectorOf } from "../logql/derived.ts";
import { draft, live, run, search } from "../state/session.ts";
import { queryHistory } from "../state/query-history.ts";
import { api, page, rangeNow, tell } from "../state/store.ts";
import { partsOf } from "../logql/parts.ts";
import { Builder } from "./builder.tsx";
import { Estimate } from "./estimate.tsx";
import { Icon } from "./icons.tsx";
import { Menu } from "./menu.tsx";
import { QueryEditor } from "./query-editor.tsx";
import { problem } from "./query-problem.ts";

/** Chips, editor and what is done with the query. */
export function QueryBar() {
  const isMetric = partsOf(draft.value).kind === "metric";
  return (
    <section class="query card" aria-label="Query">
      <Builder />
      <div class="query-line">
        <QueryEditor />
        <div class="query-actions">
          <Menu align="right" name="Earlier queries" label={<Icon name="history" />}>
            {(close) => <HistoryList close={close} />}
          </Menu>
          <button type="button" onClick={() => void format()}>
            Format
          </button>
          {!isMetric && <LiveButton />}
          {search.isLoading.value ? (
            <button type="button" class="primary" onClick={() => search.cancel()}>
              <Icon name="stop" /> Cancel
            </button>
          ) : (
            <button type="button" class="primary run" onClick={() => run()}>
              <Icon name="play" /> Run
            </button>
          )}
        </div>
      </div>
      {problem.value !== undefined && problem.value.text !== search.error.value?.text && (
        <p class="problem" role="alert">
          {problem.value.text}
        </p>
      )}
      <Estimate selector={selectorOf(draft.value)} range={rangeNow} />
    </section>
  );
}

function LiveButton() {
  const isOn = live.isOn.value;
  return (
    <button
      type="button"
      class={isOn ? "live on" : "live"}
      aria-pressed={isOn}
      onClick={() => (isOn ? live.stop() : live.start(api.value, draft.value || page.value.query))}
    >
      <Icon name="live" /> Live
    </button>
  );
}

async function format(): Promise<void> {
  try {
    draft.value = await api.value.format(draft.value);
  } catch (error) {
    tell(ApiError.from(error).text);
  }
}

function HistoryList({ close }: { readonly close: () => void }) {
  const queries = queryHistory.value;
  if (queries.length === 0) return <p class="hint">No query yet.</p>;
  return (
    <ul class="history">
      {queries.map((query) => (
        <li key={query}>
          <button
            type="button"
            onClick={() => {
              close();
              run(query);
            }}
          >
            {query}
          </button>
        </li>
      ))}
    </ul>
  );
}
