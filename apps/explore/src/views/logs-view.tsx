import { shellWord } from "../share/links.ts";
import { isMetric, live, search } from "../state/session.ts";
import { api, asked, go, page, server, tell } from "../state/store.ts";
import { limits } from "../state/url.ts";
import { countText } from "./amounts.ts";
import { FieldsPanel } from "./fields-panel.tsx";
import { Histogram } from "./histogram.tsx";
import { Icon } from "./icons.tsx";
import { LineList } from "./line-list.tsx";
import { MetricView } from "./metric-view.tsx";
import { PatternsPanel } from "./patterns-panel.tsx";
import { QueryBar } from "./query-bar.tsx";
import { StatsCorner } from "./stats-corner.tsx";

/** Query, volume, lines; or query and chart. */
export function LogsView() {
  const { panel } = page.value;
  return (
    <main class="logs" id="main">
      <h1 class="sr">Explore</h1>
      <QueryBar />
      {isMetric() ? (
        <>
          <Problem />
          <MetricView />
        </>
      ) : (
        <>
          {live.isOn.value ? <LiveBar /> : search.error.value === undefined && <Histogram />}
          <Problem />
          <div class={panel === "none" ? "results" : "results with-panel"}>
            <section class="card lines-card" aria-label="Result">
              <Toolbar />
              <Lines />
            </section>
            {panel === "fields" && <FieldsPanel />}
            {panel === "patterns" && <PatternsPanel />}
          </div>
        </>
      )}
    </main>
  );
}

/** The array of lines grows in place; its version tells. */
function Lines() {
  void search.version.value;
  return search.entries.value.length > 0 ? <LineList /> : <Nothing />;
}

function Problem() {
  const error = search.error.value;
  if (error === undefined) return null;
  return (
    <div class="card failure" role="alert">
      <div>
        <b>{error.title}</b>
        <p>{error.text}</p>
        {error.advice !== "" && <p class="hint">{error.advice}</p>}
      </div>
      <button type="button" onClick={() => asked.value++}>
        Try again
      </button>
    </div>
  );
}

function LiveBar() {
  const paused = live.isPaused.value;
  return (
    <section class="card live-bar" aria-label="Following">
      <span class={paused ? "dot paused" : "dot"} />
      <span role="status">
        {paused
          ? `Paused, ${countText(live.waiting.value)} ${live.waiting.value === 1 ? "line" : "lines"} waiting`
          : `Following, ${live.perSecond.value} lines/s`}
      </span>
      {live.dropped.value > 0 && (
        <span class="warn-text">{countText(live.dropped.value)} lines left out: more than can be kept</span>
      )}
      <div class="spacer" />
      <button type="button" onClick={() => live.pause(!paused)}>
        <Icon name={paused ? "play" : "pause"} /> {paused ? "Go on" : "Pause"}
      </button>
      <button type="button" onClick={() => live.stop()}>
        <Icon name="stop" /> Stop
      </button>
    </section>
  );
}

function Toolbar() {
  const { wrap, pretty, mark, limit, panel } = page.value;
  void search.version.value;
  const count = search.entries.value.length;
  const toggle = (name: "fields" | "patterns"): void => go({ panel: panel === name ? "none" : name }, true);
  return (
    <div class="toolbar" role="toolbar" aria-label="Lines">
      <span class="count" role="status">
        {countText(count)} {count === 1 ? "line" : "lines"}
        {!search.isEnd.value && count > 0 && "+"}
      </span>
      <StatsCorner stats={search.stats.value} />
      <div class="spacer" />
      <label class="find">
        <span class="sr">Mark text in lines</span>
        <input
          type="search"
          placeholder="Mark"
          value={mark}
          onInput={({ currentTarget }) => go({ mark: currentTarget.value }, true)}
        />
      </label>
      <select
        aria-label="Lines to load"
        value={limit}
        onChange={({ currentTarget }) => go({ limit: Number(currentTarget.value) })}
      >
        {limits.map((one) => (
          <option key={one} value={one}>
            {one.toLocaleString("en")} lines
          </option>
        ))}
      </select>
      <button type="button" aria-pressed={wrap} onClick={() => go({ wrap: !wrap }, true)}>
        Wrap
      </button>
      <button type="button" aria-pressed={pretty} onClick={() => go({ pretty: !pretty }, true)}>
        JSON
      </button>
      <button type="button" aria-pressed={panel === "fields"} onClick={() => toggle("fields")}>
        Fields
      </button>
      <button type="button" aria-pressed={panel === "patterns"} onClick={() => toggle("patterns")}>
        Patterns
      </button>
    </div>
  );
}

function Nothing() {
  if (search.error.value !== undefined) return <div class="nothing" />;
  if (live.isOn.value)
    return (
      <div class="nothing">
        <p>Waiting for lines …</p>
      </div>
    );
  if (search.isLoading.value || search.question.value === undefined)
    return (
      <div class="nothing loading" role="status">
        <p>Reading …</p>
      </div>
    );
  if (search.isCancelled.value)
    return (
      <div class="nothing" role="status">
        <h2>Cancelled</h2>
        <p>Run asks again; a shorter range or one more label makes it fast.</p>
      </div>
    );
  return (
    <div class="nothing">
      <h2>No lines in this range</h2>
      <p>Look at a longer time, or send something:</p>
      <div class="nothing-actions">
        <button type="button" onClick={() => go({ range: { from: "now-24h", to: "now" } })}>
          Last 24 hours
        </button>
        <button type="button" onClick={() => go({ range: { from: "now-30d", to: "now" } })}>
          Last 30 days
        </button>
        <button type="button" onClick={() => void newest()}>
          Where are the newest lines?
        </button>
      </div>
      <pre>{`curl ${server.value}/loki/api/v1/push -H 'Content-Type: application/json'${tenantHeader(page.value.tenant)} -d \\
  '{"streams":[{"stream":{"app":"hello"},"values":[["'$(date +%s%N)'","hello"]]}]}'`}</pre>
    </div>
  );
}

const tenantHeader = (tenant: string): string => (tenant === "" ? "" : ` -H ${shellWord(`X-Scope-OrgID: ${tenant}`)}`);

const day = 86_400_000_000_000n;
/** Days that are looked at in one go: servers refuse more than 30 by default. */
const windows = [1n, 6n, 23n, ...Array.from({ length: 23 }, () => 30n)];

/** Goes to the last lines that there are, back to two years. */
async function newest(): Promise<void> {
  let end = BigInt(Date.now()) * 1_000_000n;
  for (const days of windows) {
    const range = { start: end - days * day, end };
    const answer = await api.value.queryRange(page.value.query, range, { limit: 1 }).catch(() => undefined);
    const found = answer?.resultType === "streams" ? answer.result[0]?.values[0]?.[0] : undefined;
    if (found !== undefined) {
      const at = BigInt(found);
      return go({ range: { from: String(at - day / 24n), to: String(at + 1_000_000_000n) } });
    }
    end = range.start;
  }
  tell("No such lines within two years");
}
