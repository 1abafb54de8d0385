/** The link to an expression in Grafana's Explore page. */
export function explorePage(externalUrl: string, datasourceUid: string, expr: string): string {
  const datasource = { type: "loki", uid: datasourceUid };
  const left = { queries: [{ refId: "A", expr, queryType: "range", datasource }] };
  return `${externalUrl.replace(/\/$/, "")}/explore?left=${encodeURIComponent(JSON.stringify(left))}`;
}
