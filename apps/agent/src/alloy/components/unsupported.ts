const unsupported: ReadonlySet<string> = new Set([
  "loki.source.podlogs",
  "loki.source.kubernetes",
  "loki.source.kubernetes_events",
  "loki.source.kafka",
  "loki.source.gelf",
  "loki.source.cloudflare",
  "loki.source.heroku",
  "loki.source.gcplog",
  "loki.source.azure_event_hubs",
  "loki.source.awsfirehose",
  "loki.source.windowsevent",
  "loki.rules.kubernetes",
  "remotecfg",
  "import.http",
  "import.git",
  "otelcol.processor.attributes",
  "otelcol.processor.filter",
  "otelcol.processor.transform",
]);

/** What is said of a block whose name means nothing here; one that Alloy has is told from one that is misspelt. */
export function unknownBlock(name: string): string {
  const text = `cannot find the definition of component name ${JSON.stringify(name)}`;
  const isKnown =
    unsupported.has(name) ||
    name.startsWith("discovery.") ||
    name.startsWith("otelcol.") ||
    name.startsWith("prometheus.");
  return isKnown ? `${text}: this agent does not support it` : text;
}
