import { useEffect, useState } from "preact/hooks";
import type { Api } from "../../api/api.ts";
import { ApiError } from "../../api/api-error.ts";
import { type Health, readHealth } from "../../operate/health.ts";
import { type Sample, sumBy, sumOf } from "../../operate/metrics-text.ts";
import { api, page } from "../../state/store.ts";
import { bytesText, countText, secondsText } from "../amounts.ts";
import { Agents } from "./agents-tile.tsx";
import { type Fact, Facts } from "./facts.tsx";
import { Parts, ReadyState } from "./parts-tile.tsx";
import { Compaction, Days, LargestSenders, Storage, Tenants } from "./storage-tiles.tsx";

const refreshMs = 10_000;

/** How the system is: parts, intake, storage, what limits refused. */
export function OperateView() {
  const [health, setHealth] = useState<Health | undefined>(undefined);
  const [previous, setPrevious] = useState<Health | undefined>(undefined);
  const [settings, setSettings] = useState<string | undefined>(undefined);
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const server = api.value;
  useEffect(() => {
    const aborter = new AbortController();
    let last: Health | undefined;
    const read = (): void =>
      void readHealth(server, aborter.signal).then(
        (now) => {
          setPrevious(last);
          last = now;
          setHealth(now);
          setError(undefined);
        },
        (thrown) => {
          const failure = ApiError.from(thrown);
          if (!failure.isCancelled) setError(failure);
        },
      );
    read();
    readSettings(server, aborter.signal).then(setSettings, () => setSettings(""));
    const timer = setInterval(read, refreshMs);
    return () => {
      clearInterval(timer);
      aborter.abort();
    };
  }, [server]);
  return (
    <main class="operate" id="main">
      <div class="page-head">
        <h1>Operate</h1>
        {health?.processes.length === 1 && <ReadyState ready={health.processes[0]!.ready} />}
        {health !== undefined && <span class="hint">{health.version}</span>}
      </div>
      {error !== undefined && (
        <div class="card failure" role="alert">
          <div>
            <b>No answer</b>
            <p>{error.text}</p>
            <p class="hint">{error.advice}</p>
          </div>
        </div>
      )}
      {health !== undefined && !isTold(health) && (
        <p class="card told" role="status">
          This server tells nothing of its processes: <code>/metrics</code> is not among what it answers, as where a
          gateway keeps it back. What follows is known to the index; for the rest ask a process itself (
          <code>?server=</code>).
        </p>
      )}
      {health !== undefined && (
        <div class="tiles">
          {isTold(health) && (
            <>
              <Parts processes={health.processes} />
              <Intake health={health} previous={previous} />
              <Refusals samples={health.samples} />
              <Agents health={health} />
              <Tenants samples={health.samples} />
              <Storage samples={health.samples} />
              <Compaction health={health} settings={settings ?? ""} />
            </>
          )}
          <Days server={server} />
          <LargestSenders server={server} />
          {(isTold(health) || settings) && <Limits settings={settings} />}
        </div>
      )}
    </main>
  );
}

const isTold = ({ processes }: Health): boolean => processes.some(({ samples }) => samples !== undefined);

function Intake({ health, previous }: { readonly health: Health; readonly previous: Health | undefined }) {
  const { samples } = health;
  const rate = (name: string): number | undefined => {
    const [now, then] = [sumOf(samples, name), previous && sumOf(previous.samples, name)];
    return now === undefined || then === undefined || now < then
      ? undefined
      : ((now - then) * 1000) / (health.atMs - previous!.atMs);
  };
  const lines = rate("loki_distributor_lines_received_total");
  const bytes = rate("loki_distributor_bytes_received_total");
  const memory = sumOf(samples, "process_resident_memory_bytes");
  const slow = sumOf(samples, "loki_request_duration_seconds_sum");
  const requests = sumOf(samples, "loki_request_duration_seconds_count");
  const processes = health.processes.length;
  return (
    <section class="card tile" aria-label="Intake">
      <h2>Intake and memory</h2>
      <Facts
        facts={[
          ["Lines now", lines === undefined ? "…" : `${countText(lines)} /s`],
          ["Bytes now", bytes === undefined ? "…" : `${bytesText(bytes)}/s`],
          ["Lines since start", countText(sumOf(samples, "loki_distributor_lines_received_total") ?? 0)],
          [
            processes === 1 ? "Memory of the process" : `Memory of ${processes} processes`,
            memory === undefined ? undefined : bytesText(memory),
          ],
          ["Mean answer", slow === undefined || !requests ? undefined : secondsText(slow / requests)],
          ["Requests", requests === undefined ? undefined : countText(requests)],
        ]}
      />
    </section>
  );
}

function Refusals({ samples }: { readonly samples: readonly Sample[] }) {
  const refused = sumBy(samples, "loki_discarded_samples_total", ["tenant", "reason"]).filter(({ value }) => value > 0);
  return (
    <section class="card tile" aria-label="Limits hit">
      <h2>Limits hit</h2>
      {refused.length === 0 && <p class="hint">No line was refused since the start.</p>}
      <Facts facts={refused.map(({ key, value }): Fact => [`${key[1]} (${key[0]})`, `${countText(value)} lines`])} />
    </section>
  );
}

/** What the tenant is allowed. */
function Limits({ settings }: { readonly settings: string | undefined }) {
  const section = /^limits_config:\n((?:[ \t].*\n?)*)/m.exec(settings ?? "")?.[1] ?? settings ?? "";
  const lines = section
    .split("\n")
    .map((line) => /^\s*([a-z_0-9]+):\s*(.+)$/.exec(line))
    .filter((match) => match !== null);
  return (
    <section class="card tile wide" aria-label="Limits">
      <h2>Limits</h2>
      {settings === undefined && <p class="hint">Loading …</p>}
      {settings === "" && <p class="hint">This server does not tell its limits.</p>}
      <div class="limits" tabIndex={0} role="region" aria-label="Limits of the tenant">
        <Facts facts={lines.map((match): Fact => [match[1]!, match[2]!])} />
      </div>
    </section>
  );
}

/** The settings of the process or, of a named tenant, its limits; empty where the server does not tell them. */
async function readSettings(server: Api, signal: AbortSignal): Promise<string> {
  const own = (): Promise<string> => server.text("/config", {}, signal);
  if (page.value.tenant === "") return own();
  return server.text("/config/tenant/v1/limits", {}, signal).catch(own);
}
