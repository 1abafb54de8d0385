import type { Range } from "../time/range.ts";

export interface SharedQuery {
  readonly server: string;
  readonly tenant: string;
  readonly query: string;
  readonly range: Range;
  readonly limit: number;
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

/** The same query in a Grafana. Where it has no data source of that name it takes its default one. */
export function grafanaLink(grafana: string, { query, range }: SharedQuery): string {
  const ms = (nanos: bigint): string => String(nanos / 1_000_000n);
  const pane = {
    datasource: dataSource,
    queries: [{ refId: "A", expr: query, queryType: "range", datasource: { type: "loki", uid: dataSource } }],
    range: { from: ms(range.start), to: ms(range.end) },
  };
  const panes = encodeURIComponent(JSON.stringify({ a: pane }));
  return `${grafana.replace(/\/+$/, "")}/explore?schemaVersion=1&panes=${panes}`;
}
