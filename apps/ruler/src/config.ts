import { duration, secret } from "@ratatosk/config";
import { z } from "zod";

const addressPattern = /^(dns\+)?(?:[^\s:+]+|\[[^\s\]]+\]):\d+$/;

const RemoteWriteClient = z.strictObject({
  url: z.string().describe("Where results of recording rules are written: http://prometheus:9090/api/v1/write."),
  headers: z.record(z.string(), secret).prefault({}).describe("Headers sent along."),
  remote_timeout: duration.prefault("30s").describe("How long one write may take."),
});

/** `ruler`: evaluates rules, sends alerts to Alertmanager and results to Prometheus. */
export const RulerConfig = z.strictObject({
  members: z
    .array(z.string().regex(addressPattern, "expected HOST:PORT or dns+HOST:PORT"))
    .prefault([])
    .describe(
      "HTTP addresses of all rulers, which share the groups; dns+tasks.ruler:3100 for all that a name stands for.",
    ),
  health_period: duration.prefault("5s").describe("How often the other rulers are looked for."),
  enable_api: z.boolean().prefault(true).describe("Rules can be read and written over HTTP."),
  rule_directory: z
    .string()
    .prefault("")
    .describe("Directory of read-only rule files, `<tenant>/<namespace>.yaml`, beside those written over HTTP."),
  poll_interval: duration.prefault("1m").describe("How often changed rules are looked for."),
  evaluation_interval: duration.prefault("1m").describe("How often a group is evaluated that says nothing itself."),
  backfill_limit: duration.prefault("1h").describe("Missed evaluations no older than this are made up for."),
  resend_delay: duration.prefault("1m").describe("How often a firing alert is sent again."),
  resolved_retention: duration.prefault("15m").describe("How long a resolved alert is still told of."),
  alertmanager_url: z.string().prefault("").describe("Alertmanagers, comma-separated: http://alertmanager:9093."),
  alertmanager_timeout: duration.prefault("10s").describe("How long one notification may take."),
  external_url: z.string().prefault("").describe("Grafana's address, for links in alerts."),
  datasource_uid: z.string().prefault("").describe("The datasource's id in Grafana, for links in alerts."),
  remote_write: z
    .strictObject({
      enabled: z.boolean().prefault(false).describe("Write results of recording rules."),
      clients: z.record(z.string(), RemoteWriteClient).prefault({}).describe("Receivers by name."),
      queue_samples: z
        .number()
        .prefault(100_000)
        .describe("Most samples that wait for a receiver; the oldest go first."),
    })
    .prefault({})
    .describe("Prometheus-compatible receivers of recording rules' results."),
});
export type RulerConfig = z.infer<typeof RulerConfig>;
export type RemoteWriteClient = z.infer<typeof RemoteWriteClient>;
