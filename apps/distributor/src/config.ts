import { bytes, duration } from "@ratatosk/config";
import { z } from "zod";

const indexLabels = [
  "service.name",
  "service.namespace",
  "service.instance.id",
  "deployment.environment",
  "deployment.environment.name",
  "cloud.region",
  "cloud.availability_zone",
  "k8s.cluster.name",
  "k8s.namespace.name",
  "k8s.pod.name",
  "k8s.container.name",
  "container.name",
  "k8s.replicaset.name",
  "k8s.deployment.name",
  "k8s.statefulset.name",
  "k8s.daemonset.name",
  "k8s.cronjob.name",
  "k8s.job.name",
];

const OtlpDefaults = z.strictObject({
  default_resource_attributes_as_index_labels: z
    .array(z.string())
    .prefault(indexLabels)
    .describe("OTLP resource attributes that become stream labels."),
});

/** `distributor`: how pushes are received and handed on. */
export const DistributorConfig = z.strictObject({
  max_recv_msg_size: bytes.prefault("100MB").describe("Largest body of a push as it is sent."),
  max_decompressed_size: bytes.prefault("5000MB").describe("Largest body of a push once decompressed."),
  max_inflight_bytes: bytes
    .prefault("512MB")
    .describe("Bytes that all pushes under way may hold, as sent and decompressed; above, they are answered 503."),
  max_inflight_bytes_per_ingester: bytes
    .prefault("128MB")
    .describe("Bytes that may wait for one ingester; a slower one counts as failed, so that it holds up no other."),
  push_timeout: duration.prefault("10s").describe("How long an ingester may take to store a push."),
  otlp_config: OtlpDefaults.prefault({}).describe("OTLP defaults for all tenants."),
});
export type DistributorConfig = z.infer<typeof DistributorConfig>;
