import { useState } from "preact/hooks";
import { seriesOf } from "../api/answers.ts";
import { ApiError } from "../api/api-error.ts";
import { type Entry } from "../lines/entry.ts";
import { loadOlder } from "../lines/load-lines.ts";
import { CsvTable, jsonLine, samplesCsv } from "../share/export.ts";
import { cliCommand, curlCommand, grafanaLink, type SharedQuery } from "../share/links.ts";
import { search } from "../state/session.ts";
import { api, copy, go, page, rangeNow, server, tell } from "../state/store.ts";
import { absoluteText } from "../time/range.ts";
import { Icon } from "./icons.tsx";
import { Menu } from "./menu.tsx";

/** Ways to take along what is seen: a link, a command, a file. */
export function ShareMenu() {
  return (
    <Menu align="right" name="Share and export" label={<Icon name="share" />}>
      {(close) => <Choices close={close} />}
    </Menu>
  );
}

function Choices({ close }: { readonly close: () => void }) {
  const [grafana, setGrafana] = useState(localStorage.getItem("grafana") ?? "http://localhost:3000");
  const [progress, setProgress] = useState<string | undefined>(undefined);
  const give = (text: string, what: string): void => {
    void copy(text, what);
    close();
  };
  const save = async (kind: "jsonl" | "csv"): Promise<void> => {
    try {
      await exportAll(kind, setProgress);
      close();
    } catch (error) {
      setProgress(`Export failed: ${ApiError.from(error).text}`);
    }
  };
  const shared = sharedQuery();
  return (
    <div class="choices">
      <button type="button" onClick={() => (freeze(), give(location.href, "Link"))}>
        Copy link to this page
      </button>
      <button type="button" disabled={shared === undefined} onClick={() => give(curlCommand(shared!), "curl command")}>
        Copy as curl
      </button>
      <button type="button" disabled={shared === undefined} onClick={() => give(cliCommand(shared!), "Command")}>
        Copy as ratatosk query
      </button>
      <label class="grafana">
        Grafana at
        <input
          value={grafana}
          onInput={({ currentTarget }) => {
            setGrafana(currentTarget.value);
            localStorage.setItem("grafana", currentTarget.value);
          }}
        />
      </label>
      <button
        type="button"
        disabled={shared === undefined}
        onClick={() => give(grafanaLink(grafana, shared!), "Grafana link")}
      >
        Copy Grafana link
      </button>
      {shared !== undefined && /^https?:/.test(grafana) && (
        <a class="choice" href={grafanaLink(grafana, shared)} target="_blank" rel="noreferrer" onClick={close}>
          Open in Grafana
        </a>
      )}
      <hr />
      <button type="button" disabled={shared === undefined} onClick={() => void save("jsonl")}>
        Export all lines of the range as JSONL
      </button>
      <button type="button" disabled={shared === undefined} onClick={() => void save("csv")}>
        Export as CSV
      </button>
      {progress !== undefined && (
        <p class="hint" role="status">
          {progress}
        </p>
      )}
    </div>
  );
}

/** A link names the moments, not "the last hour": whoever opens it sees the same lines. */
function freeze(): void {
  const range = search.question.value?.range ?? rangeNow();
  if (range !== undefined) go({ range: absoluteText(range) }, true);
}

function sharedQuery(): SharedQuery | undefined {
  const { query, limit, tenant, instant } = page.value;
  const range = search.question.value?.range ?? rangeNow();
  return query === "" || range === undefined
    ? undefined
    : { server: server.value, tenant, query, range, limit, instant };
}

/** Reads the whole range page by page and hands it to the browser as a file. */
async function exportAll(kind: "jsonl" | "csv", progress: (text: string) => void): Promise<void> {
  const metric = search.metric.value;
  if (metric !== undefined) {
    const text =
      kind === "csv"
        ? samplesCsv(seriesOf(metric))
        : seriesOf(metric)
            .map((one) => JSON.stringify(one))
            .join("\n");
    return download(new Blob([`${text}\n`]), kind);
  }
  const { query, range } = sharedQuery()!;
  const aborter = new AbortController();
  const parts: string[] = [];
  const table = new CsvTable();
  let entries: Entry[] = [];
  let count = 0;
  for (;;) {
    const before = entries.length;
    const { isEnd } = await loadOlder(api.value, query, range, entries, 5000, aborter.signal);
    const fresh = entries.slice(before);
    if (kind === "csv") table.add(fresh);
    else parts.push(fresh.map((entry) => `${jsonLine(entry)}\n`).join(""));
    count += fresh.length;
    progress(`${count.toLocaleString("en")} lines …`);
    if (isEnd) break;
    const last = entries.at(-1)!.nanos;
    entries = entries.filter(({ nanos }) => nanos === last);
  }
  download(new Blob(kind === "csv" ? table.text() : parts), kind);
  tell(`${count.toLocaleString("en")} lines exported`);
}

function download(blob: Blob, kind: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `logs-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
