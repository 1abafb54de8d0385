/** Components that are known and not served here: a configuration that has them is refused with their name. */
export const unsupported: ReadonlySet<string> = new Set([
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
  "otelcol.processor.attributes",
  "otelcol.processor.filter",
  "otelcol.processor.transform",
]);
