import type { Range } from "../time/range.ts";

export interface SharedQuery {
  readonly server: string;
  readonly tenant: string;
  readonly query: string;
  readonly range: Range;
  readonly limit: number;
  /** It asks for one moment. */
  readonly instant: boolean;
}

/** A text as one word of a POSIX shell. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The same query by curl. */
export function curlCommand({ server, tenant, query, range, limit }: SharedQuery): string {
  const words = [
    `curl -G ${shellWord(`${server}/loki/api/v1/query_range`)}`,
    ...(tenant === "" ? [] : [`-H ${shellWord(`X-Scope-OrgID: ${tenant}`)}`]),
    `--data-urlencode ${shellWord(`query=${query}`)}`,
    `-d start=${range.start}`,
    `-d end=${range.end}`,
    `-d limit=${limit}`,
  ];
  return words.join(" \\\n  ");
}

/** The same query by the command line. */
export function cliCommand({ server, tenant, query, range, limit }: SharedQuery): string {
  const words = [
    `ratatosk query --url ${shellWord(server)}`,
    ...(tenant === "" ? [] : [`--tenant ${shellWord(tenant)}`]),
    `--from ${range.start}`,
    `--to ${range.end}`,
    `--limit ${limit}`,
    shellWord(query),
  ];
  return words.join(" ");
}

/** The data source that `deploy/config/grafana` gives a Grafana. */
const dataSource = "ratatosk";

/** The same query in the Explore of Grafana 10 and later. Where it has no data source of that name it takes its default one. */
export function grafanaLink(grafana: string, { query, range, instant }: SharedQuery): string {
  const queryType = instant ? "instant" : "range";
  const pane = {
    datasource: dataSource,
    queries: [
      { refId: "A", expr: query, queryType, editorMode: "code", datasource: { type: "loki", uid: dataSource } },
    ],
    range: { from: String(range.start / nanosOfMs), to: String((range.end + nanosOfMs - 1n) / nanosOfMs) },
  };
  const panes = encodeURIComponent(JSON.stringify({ [paneId]: pane }));
  return `${grafana.replace(/\/+$/, "")}/explore?schemaVersion=1&panes=${panes}`;
}

const nanosOfMs = 1_000_000n;
/** Grafana takes ids of three characters as they are. */
const paneId = "log";
